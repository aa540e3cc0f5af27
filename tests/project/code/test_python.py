"""What Python code reads of the environment, and what is not known of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploy.project.code.python import PythonFile, Read, reads

from ...growth import growth

COMPUTED = "reads a name that is computed: not checked"
ODD = "reads a name that is no var's: not checked"
UNPARSED = "does not parse as Python: not checked"


def seen(text: str) -> list[str]:
    """What a file of this text reads, as `line: name`, or why no name is known."""
    found = reads(PythonFile("app.py", text)).reads
    assert all((each.name is None) == bool(each.obstacle) for each in found)
    return [f"{each.line}: {each.name or each.obstacle}" for each in found]


# What reads a name.


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import os\nos.environ['X']", id="subscript"),
        pytest.param("import os\nos.environ.get('X')", id="get"),
        pytest.param("import os\nos.environ.get('X', os.sep)", id="get with a default"),
        pytest.param("import os\nos.environ.get(key='X', default='')", id="get by keyword"),
        pytest.param("import os\nos.environ.pop('X')", id="pop"),
        pytest.param("import os\na = os.environ.pop('X', None)", id="pop with a default"),
        pytest.param("import os\na = os.environ.setdefault('X', '1')", id="setdefault, taken"),
        pytest.param("import os\nos.getenv('X')", id="getenv"),
        pytest.param("import os\nos.getenv('X', '1')", id="getenv with a default"),
        pytest.param("import os\nos.getenv(key='X')", id="getenv by keyword"),
        pytest.param("import os\nos.getenv(default='1', key='X')", id="keywords in another order"),
        pytest.param("import os\nos.environb[b'X']", id="bytes"),
        pytest.param("import os\nos.environb.get(b'X')", id="bytes, get"),
        pytest.param("import os\nos.getenvb(b'X')", id="bytes, getenvb"),
        pytest.param("import os\n'X' in os.environ", id="in"),
        pytest.param("import os\nif 'X' not in os.environ: pass", id="not in"),
        pytest.param("import os\nos.environ['X'] += ':'", id="augmented"),
        pytest.param("import os\nos.environ['X'].split(',')[0]", id="and on with it"),
        pytest.param("import os\nos.environ[\n  'X'\n]", id="over some lines"),
        pytest.param("import os\n'a' 'b'; os.environ['' 'X']", id="literal in two parts"),
    ],
)
def test_each_form_of_a_read_is_seen(text: str) -> None:
    assert seen(text) == ["2: X"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import os as o\no.environ['X']", id="module as"),
        pytest.param("import os.path\nos.environ['X']", id="submodule"),
        pytest.param("import sys, os\nos.environ['X']", id="one of two modules"),
        pytest.param("from os import environ\nenviron['X']", id="environ"),
        pytest.param("from os import environ as e\ne.get('X')", id="environ as"),
        pytest.param("from os import environ\n'X' in environ", id="in environ"),
        pytest.param("from os import environb\nenvironb[b'X']", id="environb"),
        pytest.param("from os import sep, getenv\ngetenv('X')", id="getenv"),
        pytest.param("from os import getenv as g\ng('X')", id="getenv as"),
        pytest.param("from os import getenvb as g\ng(b'X')", id="getenvb as"),
        pytest.param("from settings import *\nos.environ['X']", id="os by a star import"),
        pytest.param("def f(): import os\nos.environ['X']", id="os imported elsewhere"),
        pytest.param("def f():\n  return os.environ['X']\nimport os", id="import further down"),
        pytest.param("def f(): from os import getenv; \\\n  getenv('X')", id="in a function"),
        pytest.param("import os; env = os.environ\nenv['X']", id="alias"),
        pytest.param("import os; env = os.environ\nenv.get('X')", id="alias, get"),
        pytest.param("import os; env: dict = os.environ\nenv['X']", id="annotated alias"),
        pytest.param("import os; a = b = os.environ\nb['X']", id="two aliases at once"),
        pytest.param("import os; a = os.environ; b = a\nb['X']", id="alias of an alias"),
        pytest.param("import os; get = os.environ.get\nget('X')", id="alias of a method"),
        pytest.param("import os; env = os.getenv\nenv('X')", id="alias of getenv"),
        pytest.param("import os; o = os\no.getenv('X')", id="alias of the module"),
        pytest.param("import os; (env := os.environ)\nenv['X']", id="walrus"),
        pytest.param("import os\ndef f(): env = os.environ; env['X']", id="alias in a function"),
        pytest.param("def f():\n  env['X']\nimport os; env = os.environ", id="alias further down"),
        pytest.param("def f():\n  def g(): env['X']\n  env = os.environ", id="alias around it"),
        pytest.param("def f(e=None):\n  e['X']\n  e = e or 1; e = os.environ", id="one of several"),
        pytest.param("def f(): global e; e = os.environ\ne['X']", id="alias by global"),
        pytest.param(
            "def f():\n  def g(): nonlocal e; e['X']\n  e = os.environ", id="alias by nonlocal"
        ),
        pytest.param("def f(environ): 1\nenviron['X']; from os import environ", id="beside it"),
        pytest.param("class A: environ = {}\nenviron['X']; from os import environ", id="a class's"),
    ],
)
def test_a_read_is_seen_under_each_name_it_goes_by(text: str) -> None:
    assert seen(text) == ["2: X"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("class A: a = {}", id="class"),
        pytest.param("class A({}): pass", id="base"),
        pytest.param("class A(m={}): pass", id="keyword of a class"),
        pytest.param("class A:\n def f(self): return {}", id="method"),
        pytest.param("f = lambda: {}", id="lambda"),
        pytest.param("f = lambda a={}: 0", id="default of a lambda"),
        pytest.param("[{} for a in b if {}]", id="list comprehension"),
        pytest.param("({} for a in {})", id="generator"),
        pytest.param("{{a: {} for a in b}}", id="dict comprehension"),
        pytest.param("@d({})\ndef f(): pass", id="decorator"),
        pytest.param("def f(a={}): pass", id="default"),
        pytest.param("def f(*, a={}): pass", id="keyword's default"),
        pytest.param("def f(environ={}): pass", id="default of a namesake"),
        pytest.param("def f() -> {}: pass", id="annotation"),
        pytest.param('f"a{{{}}}"', id="f-string"),
        pytest.param("print(int({}))", id="argument"),
        pytest.param("async def f(): await g({})", id="async"),
        pytest.param("match {}:\n  case _: pass", id="match"),
        pytest.param("a[{}] = {}", id="store elsewhere"),
        pytest.param("environ[{}] = 1", id="name of a store"),
        pytest.param("try: pass\nexcept A: {}", id="handler"),
        pytest.param("with {} as a: pass", id="with"),
        pytest.param("a = {}", id="assigned"),
        pytest.param("global a; a = {}", id="global of a module"),
    ],
)
def test_a_read_is_seen_wherever_it_stands(text: str) -> None:
    code = "from os import environ\n" + text.replace("{}", "environ['X']").replace("{{", "{")
    found = reads(PythonFile("app.py", code.replace("}}", "}"))).reads
    assert {each.name for each in found} - {None} == {"X"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("import os\nos.environ['X'] = '1'", id="store"),
        pytest.param("import os\n[os.environ['X'], a] = 1, 2", id="store among others"),
        pytest.param("import os\ndel os.environ['X']", id="del"),
        pytest.param("import os\nos.environ.setdefault('X', '1')", id="setdefault, not taken"),
        pytest.param("import os\nos.environ.update(X='1')", id="update"),
        pytest.param("import os\nos.putenv('X', '1')", id="putenv"),
        pytest.param("import os\nos.environ.copy()", id="copy"),
        pytest.param("import os\ndict(os.environ)['X']", id="dict"),
        pytest.param("import os\nenv = {**os.environ}; env['X']", id="double star"),
        pytest.param("import os\nenv = os.environ.copy(); env['X']", id="alias of a copy"),
        pytest.param("import os\nfor name in os.environ: pass", id="iteration"),
        pytest.param("import os\nos.environ.items()", id="items"),
        pytest.param("import os\nrun('X', env=os.environ)", id="passed on"),
        pytest.param("import os\nos.environ == 'X'", id="another comparison"),
        pytest.param("import os\nos.environ in ['X']", id="the other way round"),
        pytest.param("import os\nos.path.join('X')", id="another function of os"),
        pytest.param("import os\nos.environ.x.get('X')", id="another attribute"),
        pytest.param("import os\nother.os.environ['X']", id="another os"),
        pytest.param("from .os import environ\nenviron['X']", id="a module of one's own"),
        pytest.param("from other import environ\nenviron['X']", id="another environ"),
        pytest.param("import os.path as o\no.environ['X']", id="submodule as"),
        pytest.param("environ['X']; getenv('X')", id="names of nobody"),
        pytest.param("request.environ['X']", id="attribute of another"),
        pytest.param("self.env['X']", id="attribute"),
        pytest.param("def f(os): os.environ['X']", id="argument os"),
        pytest.param("'''os.environ['X']'''", id="text"),
        pytest.param("# os.environ['X']", id="comment"),
        pytest.param("", id="empty file"),
    ],
)
def test_what_is_no_read_is_not_taken_for_one(text: str) -> None:
    assert seen(text) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def app(environ, start): environ['X']", id="argument"),
        pytest.param("def f(*, environ): environ.get('X')", id="keyword"),
        pytest.param("def f(*environ): environ['X']", id="star"),
        pytest.param("def f(**environ): environ['X']", id="double star"),
        pytest.param("async def f(environ, /): environ['X']", id="async"),
        pytest.param("lambda environ: environ['X']", id="lambda"),
        pytest.param("def f(environ):\n  def g(): environ['X']", id="argument around it"),
        pytest.param("def f():\n  environ = {}; environ['X']", id="assigned"),
        pytest.param("def f():\n  environ['X']\n  environ = {}", id="assigned further down"),
        pytest.param("def f():\n  for environ in a: environ['X']", id="for"),
        pytest.param("def f():\n  with a as environ: environ['X']", id="with"),
        pytest.param("def f():\n  def environ(): 0\n  environ['X']", id="function"),
        pytest.param("def f():\n  class environ: 0\n  environ['X']", id="class"),
        pytest.param("def f():\n  from a import b as environ; environ['X']", id="import"),
        pytest.param("def f():\n  try: 0\n  except A as environ: environ['X']", id="handler"),
        pytest.param("def f():\n  match a:\n    case [environ]: environ['X']", id="pattern"),
    ],
)
def test_a_namesake_in_a_function_is_no_environment(text: str) -> None:
    assert seen(f"from os import environ\n{text}") == []


def test_an_import_under_another_name_shadows_nothing() -> None:
    assert seen("from os import environ\ndef f():\n  from a import environ as e; environ['X']") == [
        "3: X"
    ]


# Names that are computed.


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("os.environ[name]", id="subscript"),
        pytest.param("os.environ.get(name)", id="get"),
        pytest.param("os.environ.pop(name, '')", id="pop"),
        pytest.param("os.getenv(name)", id="getenv"),
        pytest.param("os.getenv(key=name)", id="keyword"),
        pytest.param("os.getenv(*names)", id="star"),
        pytest.param("os.getenv(**names)", id="double star"),
        pytest.param("os.getenv(f'A_{name}')", id="f-string"),
        pytest.param("os.environ['A_' + name]", id="sum"),
        pytest.param("os.environ['A' if name else 'B']", id="choice"),
        pytest.param("os.environ[settings.NAME]", id="attribute"),
        pytest.param("name in os.environ", id="in"),
        pytest.param("[os.environ[name] for name in names]", id="comprehension"),
    ],
)
def test_a_computed_name_is_said_to_be_not_checked(text: str) -> None:
    assert seen(f"import os\n{text}\n") == [f"2: {COMPUTED}"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("NAME = 'X'", id="assigned"),
        pytest.param("NAME: Final = 'X'", id="annotated"),
        pytest.param("NAME = OTHER = 'X'", id="twice at once"),
        pytest.param("NAME = b'X'", id="bytes"),
        pytest.param("if a: NAME = 'X'", id="under a condition"),
        pytest.param("NAME = 'X'; NAME['a'] = NAME.b = 1", id="its parts"),
        pytest.param("NAME = 'X'\ndef g(NAME): NAME = 'Y'", id="a namesake elsewhere"),
        pytest.param("NAME = 'X'\ndef g(): global NAME; print(NAME)", id="global, but not bound"),
    ],
)
def test_a_name_that_is_bound_once_to_a_text_is_followed(text: str) -> None:
    assert seen(f"def f(): return os.environ[NAME]\n{text}\nimport os") == ["1: X"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("NAME = 'X'; NAME = 'Y'", id="twice"),
        pytest.param("NAME = 'X'; NAME = 'X'", id="twice the same"),
        pytest.param("NAME = 'X'; NAME += 'Y'", id="added to"),
        pytest.param("NAME = 'X'; del NAME", id="deleted"),
        pytest.param("NAME = 'X'; import NAME", id="imported"),
        pytest.param("NAME = 'X'\nfrom a import b as NAME", id="imported as"),
        pytest.param("from a import NAME", id="imported alone"),
        pytest.param("NAME = 'X'\nfor NAME in a: pass", id="for"),
        pytest.param("NAME = 'X'\ndef NAME(): pass", id="function"),
        pytest.param("NAME = 'X'\ndef g(): global NAME; NAME = 'Y'", id="global"),
        pytest.param("NAME = 'X'\n[(NAME := a) for a in b]", id="walrus"),
        pytest.param("NAME = 'X'\nclass A: NAME = 'Y'", id="class"),
        pytest.param("NAME = a or 'X'", id="or"),
        pytest.param("NAME = 'X' if a else 'Y'", id="choice"),
        pytest.param("NAME = f'{a}X'", id="f-string"),
        pytest.param("NAME = 'X'.upper()", id="call"),
        pytest.param("NAME, OTHER = 'X', 'Y'", id="unpacked"),
        pytest.param("OTHER = 'X'; NAME = OTHER", id="another name"),
        pytest.param("def g(NAME='X'): pass", id="default elsewhere"),
    ],
)
def test_a_name_that_could_be_another_text_is_not_guessed(text: str) -> None:
    assert seen(f"def f(): return os.environ[NAME]\n{text}\nimport os") == [f"1: {COMPUTED}"]


def test_what_a_function_is_told_is_read_where_it_is_called_and_no_default_of_its() -> None:
    assert seen("import os\ndef f(name='X'): os.getenv(name)") == []


def test_a_name_that_an_inner_function_binds_anew_is_not_guessed() -> None:
    text = "def f():\n  name = 'X'\n  def g(): nonlocal name; name = 'Y'\n  os.getenv(name)"
    assert seen(text) == [f"4: {COMPUTED}"]


@pytest.mark.parametrize(
    "key",
    ["'a-b'", "''", "'1A'", "'A B'", "'A\\n'", "'=A'", "'ÄÖ'", "b'\\xff'", "1", "None", "..."],
)
def test_a_name_that_is_no_vars_is_said_to_be_not_checked(key: str) -> None:
    assert seen(f"import os\nos.environ[{key}]") == [f"2: {ODD}"]


# The order of things, and files that are no Python.


def test_reads_are_sorted_by_line_and_each_name_stands_once_a_line() -> None:
    text = (
        "import os\ndef f(): os.getenv('C')\na = os.getenv('B', os.getenv('A')) or os.getenv('B')"
    )
    assert seen(text + "; os.getenv(x)\nos.getenv('B')") == [
        "2: C",
        f"3: {COMPUTED}",
        "3: A",
        "3: B",
        "4: B",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("import os\nos.environ[\n", 2, id="left open"),
        pytest.param("a = 1\n\nprint a\n", 3, id="Python 2"),
        pytest.param("a = 1\n<<<<<<< c4nary\n", 2, id="a conflict"),
        pytest.param("if a:\nb\n", 2, id="indentation"),
        pytest.param("a = 1\0\n", 0, id="null byte"),
        pytest.param("a = '\ud800'\n", 0, id="half a character"),
        pytest.param("-" * 100_000 + "1\n", 0, id="too deep for the parser"),
    ],
)
def test_a_file_that_does_not_parse_is_said_to_be_not_checked(text: str, line: int) -> None:
    assert seen(text) == [f"{line}: {UNPARSED}"]


@pytest.mark.parametrize("part", ["a + ", "a if b else ", "-", "a.b(", "lambda: ", "(", "[a, "])
def test_code_that_is_nested_as_deep_as_can_be_does_no_harm(part: str) -> None:
    for depth in (90, 900, 9_000):
        assert {each.name for each in reads(PythonFile("a.py", part * depth + "1")).reads} <= {None}


def test_code_that_is_deeper_than_calls_may_go_is_read() -> None:
    assert seen("import os\nos.getenv('X')" + " + a" * 900 + " + os.getenv('Y')") == [
        "2: X",
        "2: Y",
    ]


def test_what_the_parser_would_warn_of_is_not_printed(recwarn: pytest.WarningsRecorder) -> None:
    assert seen("import os\n'\\d' is 1\nos.getenv('X')") == ["3: X"]
    assert list(recwarn) == []


# In time that grows with the text.

TOO_LARGE = "is too large a program: not checked"


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "line",
    [
        *("e=1\ne['A']\n", "a=a.b.c\n", "os=1\nos.getenv('A')\n", "del os\nos.environ['A']\n"),
    ],
    ids=ascii,
)
def test_what_is_bound_many_times_is_not_looked_through_each_time(line: str) -> None:
    assert growth(lambda size: reads(PythonFile("app.py", line * size)).reads, 200) < 2.2


@pytest.mark.parametrize("quote", ["'", "'''"])
@pytest.mark.parametrize("prefix", ["f", "F", "rf", "fR"])
def test_a_long_f_string_is_not_parsed_or_parsed_soon(quote: str, prefix: str) -> None:
    """Before Python 3.12 one of 256 KB takes 6 seconds, and twice as much four times as long."""
    text = f"import os\nos.getenv('A')\na = {prefix}{quote}{'{x}' * 90_000}{quote}\n"
    assert seen(text) in (["2: A"], [f"0: {TOO_LARGE}"])


def test_a_long_text_that_is_no_f_string_is_parsed() -> None:
    braces = "{x}" * 90_000
    text = f"import os\na = '{braces}'\nb = '''f{braces}'''\nos.getenv('A')\n"
    assert seen(text) == ["4: A"]


def test_a_long_text_that_is_no_python_is_told_as_such() -> None:
    [said] = seen("(\n" * 20_000)
    assert said.endswith(UNPARSED)


def test_a_file_without_a_text_is_told_as_too_large() -> None:
    assert reads(PythonFile("app.py", None)).reads == (Read(0, None, TOO_LARGE),)


# Any text.

WORDS = st.sampled_from(
    [
        *("import os", "from os import environ", "os", ".environ", "environ", ".get", "getenv"),
        *("'A'", "b'A'", "'c4nary-'", "f'{", "}'", "a", "1", "None", "[", "]", "(", ")", "="),
        *(":=", "+=", ":", ";", ",", "*", "**", "in", "not", "if", "else", "for", "as", "del"),
        *("def f", "async", "lambda", "class A", "global", "nonlocal", "match", "case", "return"),
        *("\n", "\n ", "\0", "\\"),
    ]
)


@given(st.text() | st.lists(WORDS).map(" ".join) | st.lists(WORDS).map("".join))
@example("os.environ[f'{os.environ[f\"{x}\"]}']")
@example("nonlocal a; a = 1; global os")
def test_reading_never_raises(text: str) -> None:
    found = reads(PythonFile("app.py", text)).reads
    assert list(found) == sorted(found, key=lambda each: each.line)
    assert len(set(found)) == len(found)
    assert all(0 <= each.line <= len(text) + 1 for each in found)


@given(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]*", fullmatch=True))
def test_each_name_that_a_shell_can_export_is_read(name: str) -> None:
    assert reads(PythonFile("app.py", f"import os\nos.environ[{name!r}]")).reads == (
        Read(2, name, is_required=True),
    )


# Whether it is required.

TRY = "import os\ntry:\n    x = os.environ['X']\n"


@pytest.mark.parametrize(
    ("handler", "is_required"),
    [
        ("except KeyError:\n    x = None", False),
        ("except Exception as error:\n    print(error)", False),
        ("except:\n    pass", False),
        ("except (ValueError, KeyError):\n    x = ''", False),
        ("except decouple.UndefinedValueError:\n    x = ''", False),
        ("except ValueError:\n    x = None", True),
        ("except KeyError:\n    raise", True),
        ("except KeyError as error:\n    raise RuntimeError(error) from None", True),
        ("except KeyError:\n    sys.exit('X is not set')", True),
        ("except KeyError:\n    exit(1)", True),
        ("except ValueError:\n    raise\nexcept KeyError:\n    x = ''", False),
        ("finally:\n    done()", True),
    ],
)
def test_a_read_whose_failure_is_caught_is_required_only_where_something_else_fails(
    handler: str, is_required: bool
) -> None:
    [read] = reads(PythonFile("app.py", TRY + handler)).reads
    assert read.is_required is is_required


def test_what_a_handler_reads_itself_is_required() -> None:
    text = f"{TRY}except KeyError:\n    x = os.environ['Y']\n"
    assert [each.is_required for each in reads(PythonFile("app.py", text)).reads] == [False, True]


def test_a_function_that_asks_first_asks() -> None:
    body = "def f(name):\n if name in os.environ:\n  return os.environ[name]\n {}\n"
    for last, is_required in (("return None", False), ("raise RuntimeError(name)", True)):
        [read] = reads(PythonFile("a.py", f"import os\n{body.format(last)}f('X')\n")).reads
        assert read.is_required is is_required


def test_a_function_that_catches_what_it_reads_asks() -> None:
    body = "def f(name):\n try:\n  return os.environ[name]\n except KeyError:\n  {}\n"
    for last, is_required in (("return None", False), ("raise RuntimeError(name)", True)):
        text = f"import os\n{body.format(last)}x = f('X')\n"
        [read] = reads(PythonFile("app.py", text)).reads
        assert read.is_required is is_required


@pytest.mark.parametrize(
    ("text", "is_required"),
    [
        ("x = os.getenv('X')", False),
        ("x = os.getenv('X')\nif not x:\n    raise RuntimeError", True),
        ("x = os.getenv('X', '')\nif x == '':\n    sys.exit(1)", True),
        ("x: str | None = os.environ.get('X')\nif x is None:\n    log()\n    exit(1)", True),
        ("if not (x := os.getenv('X')):\n    raise RuntimeError", True),
        ("if not os.getenv('X'):\n    raise RuntimeError", True),
        ("if 'X' not in os.environ:\n    raise RuntimeError", True),
        ("if not y or not os.getenv('X'):\n    raise RuntimeError", True),
        ("x = os.getenv('X', 'y')\nif not x:\n    raise RuntimeError", False),
        (
            "def f(x=None):\n if not x:\n  x = os.getenv('X')\n if not x:\n  exit(1)",
            False,
        ),
        ("def f():\n    x = os.getenv('X')\n    if not x:\n        exit(1)", True),
        ("if y:\n    if not os.getenv('X'):\n        raise RuntimeError", False),
        ("x = os.getenv('X')\nif strict and not x:\n    raise RuntimeError", False),
        ("x = os.getenv('X')\nif x:\n    raise RuntimeError", False),
        ("x = os.getenv('X')\nif not x:\n    x = 'y'", False),
        ("x = os.getenv('X')\ndef f(x):\n    if not x:\n        raise RuntimeError", False),
        ("if os.getenv('X'):\n    y = os.environ['X']", False),
        ("y = os.environ['X'] if os.getenv('X') else ''", False),
        ("y = os.getenv('X') and os.environ['X']", False),
        ("if 'X' in os.environ:\n    y = os.environ['X']", False),
        ("y = os.getenv('X')\nx = os.environ['X']", True),
    ],
)
def test_a_name_is_required_where_the_code_ends_without_it(text: str, is_required: bool) -> None:
    found = reads(PythonFile("app.py", f"import os\n{text}\n")).reads
    assert any(each.is_required for each in found) is is_required


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param(
            "import os\n"
            "def env(kind, name): return kind(os.environ[name])\n"
            "def outer(name): return env(str, name)\n"
            "outer('X_ONE')\n",
            ["4: X_ONE, required"],
            id="one around another",
        ),
        pytest.param(
            "import os\n"
            "def env(kind, name): return os.environ.get(name)\n"
            "if env(str, 'X_ONE'):\n"
            "    os.environ['X_ONE']\n",
            ["3: X_ONE", "4: X_ONE"],
            id="who asks first",
        ),
    ],
)
def test_a_function_takes_a_name_wherever_it_takes_it(text: str, read: list[str]) -> None:
    found = reads(PythonFile("app.py", text)).reads
    assert [
        f"{each.line}: {each.name}{', required' if each.is_required else ''}" for each in found
    ] == read
