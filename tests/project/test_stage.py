"""Which text names a stage of a pipeline: in options, and in the settings."""

import pytest

from deploy.errors import BadOption, BadSettings
from deploy.project.layers import Program
from deploy.project.settings import Settings, read
from deploy.project.stage import target_of

ID = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize("pipeline", ["my-pipeline", "My Pipe", "a", "v2.api_x", ID])
@pytest.mark.parametrize("stage", ["review", "test", "development"])
def test_a_pipeline_and_a_stage_are_one_target(pipeline: str, stage: str) -> None:
    assert target_of(pipeline, stage) == f"{pipeline}/{stage}"


@pytest.mark.parametrize(
    ("pipeline", "stage", "said", "step"),
    [
        ("p", None, "--pipeline needs --stage", "name it with --stage review, test or development"),
        (None, "test", "--stage needs --pipeline", "name the pipeline with --pipeline"),
        (
            "p",
            "production",
            "a pipeline's production stage holds no config vars: the apps in it do",
            "name one of them with --app; heroku pipelines:info lists them",
        ),
        ("p", "nightly", "--stage names no stage", "use review, test or development"),
        ("p", "", "--stage names no stage", "use review, test or development"),
    ],
)
def test_half_a_stage_and_one_without_vars_are_refused(
    pipeline: str | None, stage: str | None, said: str, step: str
) -> None:
    with pytest.raises(BadOption) as caught:
        target_of(pipeline, stage)
    assert (str(caught.value), caught.value.next_step) == (said, step)


@pytest.mark.parametrize(
    "pipeline",
    [
        "",
        " a",
        "a ",
        "-a",
        "a/b",
        "a\nb",
        "$(id)",
        "::error::",
        "x" * 65,
        "\u202ea",
        ID.upper() * 2,
    ],
)
def test_what_could_steer_a_shell_or_a_file_is_no_pipeline_and_is_not_repeated(
    pipeline: str,
) -> None:
    with pytest.raises(BadOption) as caught:
        target_of(pipeline, "review")
    swallowed = " but an option" if pipeline == "-a" else ""
    assert str(caught.value) == f"--pipeline holds no pipeline's name{swallowed}"


def settings(stages: object, apps: object = None) -> Settings:
    return read({"heroku": {"stages": stages, "apps": apps}})


def test_the_settings_list_stages_with_their_layers() -> None:
    found = settings(
        {
            "my-pipeline/review": {"file": [".env.shared", ".env.review"]},
            f"{ID}/test": {"from": ["sops", "decrypt", "test.env"]},
        },
        {"shop": {"file": ".env.shop"}},
    )
    assert dict(found.stages) == {
        "my-pipeline/review": (".env.shared", ".env.review"),
        f"{ID}/test": (Program(("sops", "decrypt", "test.env")),),
    }
    assert list(found.targets) == ["shop", "my-pipeline/review", f"{ID}/test"]
    assert list(found.apps) == ["shop"]


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ([], "heroku.stages: must map stages, such as my-pipeline/review, to files"),
        ({"p": {"file": "x"}}, "heroku.stages.p: not a pipeline and its stage"),
        ({3: {"file": "x"}}, "heroku.stages.(not shown): not a pipeline and its stage"),
        ({"-p/review": {"file": "x"}}, "heroku.stages.-p/review: not a pipeline and its stage"),
        ({"p/production": {"file": "x"}}, "heroku.stages.p/production: a pipeline's production"),
        ({"p/nightly": {"file": "x"}}, "heroku.stages.p/nightly: no stage; there are review"),
        ({"p/review": None}, "heroku.stages.p/review: needs file: or from:"),
        ({"p/review": {}}, "heroku.stages.p/review: needs file: or from:"),
        ({"p/review": {"files": "x"}}, "heroku.stages.p/review: takes file: or from:"),
        ({"p/review": {"file": []}}, "heroku.stages.p/review.file: names no file"),
    ],
)
def test_what_is_no_stage_or_has_no_file_is_a_complaint(stages: object, said: str) -> None:
    with pytest.raises(BadSettings) as caught:
        settings(stages)
    [complaint] = caught.value.complaints
    assert str(complaint).startswith(said)


def test_a_value_that_landed_in_the_name_of_a_stage_is_not_shown() -> None:
    with pytest.raises(BadSettings) as caught:
        settings({"k4n4ry7f3b9d": {"file": "x"}, "k4N4ry-7f3b9d9Lq2Zx/review": {"file": "x"}})
    assert str(caught.value).count("(not shown): not a pipeline and its stage") == 2
