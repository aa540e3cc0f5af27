"""Which files are tests, examples, documentation or templates."""

import pytest

from deploy.project.apart import is_apart

APART = """
test.py tests.py test_app.py app_test.go app-test.js app.test.ts app.spec.tsx spec_helper.rb
conftest.py settings_test.py test-settings.yml AccountTest.java AccountTests.cs LoginSpec.scala
UserFixture.php tests/settings.py app/tests/keys/rsa.pem src/__tests__/app.js t/app.t
test/fixtures/key.json spec/models/user.rb app/testing/data.py testdata/key.pem test-data/key.pem
test_data/key.pem __mocks__/aws.js __snapshots__/app.js.snap cassettes/login.yml
vcr_cassettes/login.yml mocks/aws.py e2e/login.ts unit/login.py integration_tests/login.py
fixtures/users.json fixture.json mock_server.py
.env.example .env.sample .env.template .env.dist .env.test .env.testing .env.example.local
example.env env.example env-example config.sample.json settings.example.py settings_example.py
phpunit.xml.dist values.yaml.tmpl nginx.conf.tpl example.py sample.txt dummy.pem demo.py
examples/app.py example/app.py samples/app.py app/sample/key.pem demo/app.py docs/conf.py
doc/setup.py documentation/api.json wiki/home tutorial/step1.py man/app.1 guides/start.html
README README.md README.txt readme.html Readme.rst CHANGELOG CHANGES.txt HISTORY LICENSE
LICENCE.txt CONTRIBUTING SECURITY docs.md setup.rst notes.adoc page.mdx notes.org a.markdown
DOCS/setup.py Tests/App.cs src/Test/App.java
"""

OF_THE_APP = """
app.py settings.py config.py .env .env.production .env.local .env.development .env.staging
docker-compose.yml app.json Procfile config/settings.py config/database.yml key.pem id_rsa
src/contest.py src/latest.js src/attestation.py src/testimonials.html src/protest/app.py
templates/base.html app/templates/mail.html template.yaml cloudformation/template.json
news.py app/news.py history.js changes.py security.py license.key authors.py
src/inspect.py respect.js specialist.py src/document.py docker/app.py doctor/app.py
src/examplebank.py sampler.py demographics.py TESTING notes.txt data.txt notebook.ipynb
app/manual.py manage.py src/mockingbird.py src/tester/app.py Contest.java config/prod.tests-off.yml
"""


@pytest.mark.parametrize("path", APART.split())
def test_this_file_is_apart(path: str) -> None:
    assert is_apart(path)


@pytest.mark.parametrize("path", OF_THE_APP.split())
def test_this_file_is_the_app_s(path: str) -> None:
    assert not is_apart(path)


@pytest.mark.parametrize("path", ["settings.py", "key.pem", ".env.production"])
def test_a_folder_says_it_for_all_below(path: str) -> None:
    assert is_apart(f"a/tests/b/{path}")
    assert not is_apart(f"a/latests/b/{path}")
