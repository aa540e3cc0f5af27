"""Code that reads the environment: which names it needs, can do without, or only speaks of."""

from typing import NamedTuple

from .chapter import PRODUCTION, Chapter, Place

RULE = "references"


class Code(NamedTuple):
    """A file; the lines that need what nobody declares, and those that can do without."""

    path: str
    text: str
    required: tuple[int, ...] = ()
    optional: tuple[int, ...] = ()
    note: str = ""
    missed: tuple[int, ...] = ()


COMPUTED = "reads a name that is computed: not checked"

PYTHON = (
    Code("os/a.py", "import os\n\nkey = os.environ['OS_A']\n", (3,)),
    Code("os/b.py", "from os import environ\nkey = environ['OS_B']\n", (2,)),
    Code("os/c.py", "import os\nkey = os.environ.get('OS_C')\n", (), (2,)),
    Code("os/d.py", "import os\nkey = os.getenv('OS_D', 'x')\n", (), (2,)),
    Code("os/e.py", "from os import getenv as g\nkey = g('OS_E')\n", (), (2,)),
    Code("os/f.py", "import os\nkey = os.environ.pop('OS_F')\n", (2,)),
    Code("os/g.py", "import os\nkey = os.environ.pop('OS_G', None)\n", (), (2,)),
    Code(
        "os/h.py", "import os\nif 'OS_H' in os.environ:\n    x = os.environ['OS_H']\n", (), (2, 3)
    ),
    Code("os/i.py", "import os\nos.environ['OS_I'] = '1'\n"),
    Code("os/j.py", "import os\ndel os.environ['OS_J']\n"),
    Code("os/k.py", "import os\nos.environ.setdefault('OS_K', 'x')\n"),
    Code("os/l.py", "import os\np = os.path.expandvars('$OS_L/${OS_L2}')\n", (), (2, 2)),
    Code("os/m.py", "import os as o\nkey = o.environ['OS_M']\n", (2,)),
    Code("os/n.py", "import os\nNAME = 'OS_N'\nkey = os.environ[NAME]\n", (3,)),
    Code("os/o.py", "import os\nenv = os.environ\nkey = env['OS_O']\n", (3,)),
    Code("os/p.py", "import os\nkey = os.environ[b()]\nother = os.environ[c()]\n", note=COMPUTED),
    Code("os/q.py", "# os.environ['OS_Q']\ntext = 'os.environ[\"OS_Q\"]'\n"),
    Code("os/r.py", "import os\nkey = os.environb[b'OS_R']\n", (2,)),
    Code("os/s.py", "environ = {}\nkey = environ['OS_S']\n"),
    Code(
        "os/t.py",
        "import os\ntry:\n    key = os.environ['OS_T']\nexcept KeyError:\n    key = None\n",
        (),
        (3,),
    ),
    Code("os/u.py", "import os\nkey = os.environ['OS_U'] if debug else ''\n", (2,)),
    Code(
        "os/v.py",
        "import os\nfor name in ('OS_V1', 'OS_V2'):\n    os.environ[name]\n",
        note=COMPUTED,
    ),
    Code("os/w.py", "import os\nkey = os.environ.get('OS_W') or os.environ['OS_W2']\n", (2,), (2,)),
    Code("os/x.py", "import os\nPORT = os.environ['PORT']\nHOME = os.environ['HOME']\n"),
    Code("os/y.py", "import os\nkey = os.environ['DECLARED']\nurl = os.environ['GIVEN']\n"),
    Code("os/z.py", "import os\nkey = f'{os.environ[\"OS_Z\"]}'\n", (2,)),
    Code(
        "ask/a.py", "import os\nx = os.getenv('ASK_A')\nif not x:\n    raise RuntimeError\n", (2,)
    ),
    Code("ask/b.py", "import os\nif not os.getenv('ASK_B'):\n    raise SystemExit(1)\n", (2,)),
    Code(
        "ask/c.py", "import os\nif os.getenv('ASK_C'):\n    x = os.environ['ASK_C']\n", (), (2, 3)
    ),
    Code("ask/d.py", "import os\nx = os.environ['ASK_D'] if os.getenv('ASK_D') else 1\n", (), (2,)),
    Code("ask/e.py", "import os\nx = os.getenv('ASK_E')\nif not x:\n    x = 'y'\n", (), (2,)),
    Code("ask/f.py", "import os\nos.environ.setdefault('ASK_F', 'x')\n"),
    Code("ask/g.py", "import os\nx = os.environ['ASK_F']\n", (), (2,)),
    Code("ask/h.py", "import os\nif 'ASK_H' not in os.environ:\n    exit('no')\n", (2,)),
    # Own functions.
    Code(
        "own/a.py",
        "import os\ndef env(name):\n    return os.environ[name]\nkey = env('OWN_A')\n",
        (4,),
    ),
    Code(
        "own/b.py",
        "import os\ndef env(name, default=None):\n    return os.environ.get(name, default)\n"
        "env('OWN_B')\n",
        (),
        (4,),
    ),
    Code("own/c.py", "import os\nenv = lambda name: os.environ[name]\nkey = env('OWN_C')\n", (3,)),
    Code("own/d.py", "from .e import needed\nkey = needed('OWN_D')\n", (2,)),
    Code("own/e.py", "import os\ndef needed(name):\n    return os.environ[name]\n"),
    Code(
        "own/f.py",
        "import os\ndef flag(name):\n    return os.getenv(name, '') == '1'\nx = flag('OWN_F')\n",
        (),
        (4,),
    ),
    Code(
        "own/g.py",
        "import os\n"
        "def must(name):\n"
        "    value = os.getenv(name)\n"
        "    if not value:\n"
        "        raise RuntimeError(name)\n"
        "    return value\n"
        "key = must('OWN_G')\n",
        (7,),
    ),
    Code(
        "own/h.py",
        "import os\n"
        "class Config:\n"
        "    @staticmethod\n"
        "    def of(name):\n"
        "        return os.environ[name]\n"
        "key = Config.of('OWN_H')\n",
        missed=(6,),
    ),
    Code(
        "own/i.py",
        "import os\ndef num(name, default):\n    return int(os.environ.get(name, default))\n"
        "n = num('OWN_I', 3)\nm = num(name='OWN_I2', default=4)\n",
        (),
        (4, 5),
    ),
    Code(
        "own/j.py",
        "import os\ndef get(name):\n    if name in os.environ:\n        return os.environ[name]\n"
        "    return ''\nx = get('OWN_J')\n",
        (),
        (6,),
    ),
    Code(
        "own/k.py",
        "import os\nclass Config:\n    def __init__(self):\n        self.env = os.environ\n"
        "        self.key = self.env['OWN_K']\n",
        missed=(5,),
    ),
    # django-environ.
    Code(
        "split/base.py",
        "import environ\nenv = environ.Env(SPLIT_A=(bool, False))\nx = env('SPLIT_B')\n",
        (3,),
    ),
    Code(
        "split/production.py",
        "from .base import *\nfrom .base import env\nenv('SPLIT_A')\ny = env('SPLIT_C')\n",
        (4,),
        (3,),
    ),
    Code("split/heroku.py", "from .base import *\ny = env('SPLIT_D', default='')\n", (), (2,)),
    Code("split/other.py", "from elsewhere import env\ny = env('SPLIT_E')\n"),
    Code("environ/a.py", "import environ\nenv = environ.Env()\nkey = env('DJ_A')\n", (3,)),
    Code(
        "environ/b.py", "import environ\nenv = environ.Env()\nenv('DJ_B', default='x')\n", (), (3,)
    ),
    Code("environ/c.py", "import environ\nenv = environ.Env()\nenv.bool('DJ_C')\n", (3,)),
    Code(
        "environ/d.py", "import environ\nenv = environ.Env()\nenv.bool('DJ_D', False)\n", (), (3,)
    ),
    Code(
        "environ/e.py",
        "import environ\nenv = environ.Env(DJ_E=(bool, False))\nx = env('DJ_E')\n",
        (),
        (3,),
    ),
    Code("environ/f.py", "from environ import Env\nenv = Env()\nenv.str('DJ_F')\n", (3,)),
    Code(
        "environ/g.py",
        "import environ\nenv = environ.Env()\nenv.list('DJ_G', default=[])\n",
        (),
        (3,),
    ),
    Code("environ/h.py", "import environ\nenv = environ.Env()\nenv.db('DJ_H')\n", (3,)),
    Code("environ/i.py", "import environ\nenv = environ.Env()\nenv.int('DJ_I', 5)\n", (), (3,)),
    Code("environ/j.py", "import environ\nenv = environ.Env()\nenv.cache_url('DJ_J')\n", (3,)),
    # dj-database-url, django-heroku: they can do without.
    Code("url/a.py", "import dj_database_url\nx = dj_database_url.config()\n", (), (2,)),
    Code(
        "url/b.py", "import dj_database_url\nx = dj_database_url.config(env='DBURL_B')\n", (), (2,)
    ),
    Code("url/c.py", "import django_heroku\ndjango_heroku.settings(locals())\n", (), (2,)),
    Code("url/d.py", "import dj_database_url as d\nd.config(default='sqlite://')\n", (), (2,)),
    Code("url/e.py", "import dj_database_url as d\nd.parse('postgres://a/b')\n"),
    # python-decouple.
    Code("decouple/a.py", "from decouple import config\nkey = config('DEC_A')\n", (2,)),
    Code("decouple/b.py", "from decouple import config\nconfig('DEC_B', default='')\n", (), (2,)),
    Code("decouple/c.py", "from decouple import config\nconfig('DEC_C', cast=bool)\n", (2,)),
    Code(
        "decouple/d.py", "import decouple\ndecouple.config('DEC_D', False, cast=bool)\n", (), (2,)
    ),
    Code(
        "decouple/e.py",
        "from decouple import AutoConfig\nconfig = AutoConfig('.')\nconfig('DEC_E')\n",
        (3,),
    ),
    Code("decouple/f.py", "from decouple import config, Csv\nconfig('DEC_F', cast=Csv())\n", (2,)),
    # environs.
    Code("environs/a.py", "from environs import Env\nenv = Env()\nenv('ENS_A')\n", (3,)),
    Code("environs/b.py", "from environs import Env\nenv = Env()\nenv.int('ENS_B', 5)\n", (), (3,)),
    Code("environs/c.py", "from environs import Env\nenv = Env()\nenv.list('ENS_C')\n", (3,)),
    Code("environs/d.py", "from environs import env\nenv.str('ENS_D', default=None)\n", (), (2,)),
    Code(
        "environs/e.py",
        "from environs import Env\nenv = Env()\nwith env.prefixed('A_'):\n    env('ENS_E')\n",
        note=COMPUTED,
    ),
    # starlette.
    Code(
        "star/a.py", "from starlette.config import Config\nc = Config('.env')\nc('STAR_A')\n", (3,)
    ),
    Code(
        "star/b.py",
        "from starlette.config import Config\nc = Config()\n"
        "c('STAR_B', cast=bool, default=False)\n",
        (),
        (3,),
    ),
    Code(
        "star/c.py",
        "from starlette.config import Config\nc = Config()\nc('STAR_C', bool, False)\n",
        (),
        (3,),
    ),
    # pydantic.
    Code(
        "pyd/a.py",
        "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    pyd_a: str\n",
        (3,),
    ),
    Code(
        "pyd/b.py",
        "from pydantic_settings import BaseSettings\n"
        "class S(BaseSettings):\n    pyd_b: str = 'x'\n",
        (),
        (3,),
    ),
    Code(
        "pyd/c.py",
        "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
        "class S(BaseSettings):\n"
        "    model_config = SettingsConfigDict(env_prefix='PYD_')\n"
        "    c: str\n",
        (4,),
    ),
    Code(
        "pyd/d.py",
        "from pydantic import Field\nfrom pydantic_settings import BaseSettings\n"
        "class S(BaseSettings):\n    d: str = Field(alias='PYD_D')\n",
        (4,),
    ),
    Code(
        "pyd/e.py",
        "from pydantic import BaseSettings\nclass S(BaseSettings):\n    pyd_e: str\n"
        "    class Config:\n        env_prefix = 'OLD_'\n",
        (3,),
    ),
    Code(
        "pyd/f.py",
        "from pydantic import AliasChoices, Field\nfrom pydantic_settings import BaseSettings\n"
        "class S(BaseSettings):\n"
        "    f: str = Field(validation_alias=AliasChoices('PYD_F', 'DECLARED'))\n",
    ),
    Code(
        "pyd/g.py",
        "from typing import Optional\nfrom pydantic_settings import BaseSettings\n"
        "class S(BaseSettings):\n    pyd_g: Optional[str] = None\n",
        (),
        (4,),
    ),
    Code(
        "pyd/h.py",
        "from .base import Base\nclass S(Base):\n    pyd_h: str\n",
        (3,),
    ),
    Code(
        "pyd/base.py",
        "from pydantic_settings import BaseSettings\n"
        "class Base(BaseSettings):\n    pyd_i: str = ''\n",
        (),
        (3,),
    ),
)
APART = tuple(
    Code(path, f"import os\nkey = os.environ['APART_{number}']\n", (), (2,))
    for number, path in enumerate(
        (
            *("tests/test_a.py", "app/tests/factories.py", "conftest.py", "scripts/seed.py"),
            *("config/settings/local.py", "config/settings/dev.py", "settings_test.py", "setup.py"),
            *("docs/conf.py", "noxfile.py", "tools/release.py", "examples/run.py"),
            *(
                "app/test_views.py",
                "benchmarks/run.py",
                "config/settings/development.py",
                "fabfile.py",
            ),
        )
    )
)
"""What no dyno runs: what it needs is optional."""
ON_A_DYNO = tuple(
    Code(path, f"import os\nkey = os.environ['DYNO_{number}']\n", (2,))
    for number, path in enumerate(
        (
            *("manage.py", "wsgi.py", "config/settings/production.py", "config/settings/base.py"),
            *("app/latest/views.py", "app/contest.py", "gunicorn.conf.py", "app/device.py"),
        )
    )
)
OTHERS = (
    Code("web/a.js", "const a = process.env.WEB_A;\n"),
    Code("web/b.ts", "const b = process.env['WEB_B'] ?? 'x';\n"),
    Code("web/c.rb", "c = ENV['WEB_C']\n"),
    Code("web/d.rb", "x = 1\nd = ENV.fetch('WEB_D')\n", (2,)),
    Code("web/e.rb", "e = ENV.fetch('WEB_E', 'x')\n"),
    Code("web/f.rb", "f = ENV.fetch('WEB_F') { 'x' }\n"),
    Code("web/g.ru", 'g = ENV.fetch("WEB_G")\n', (1,)),
    Code("Procfile", "web: run --port $PORT --key $PROC_A\nworker: run ${PROC_B:?}\n", (2,)),
    Code(
        "bin/start.sh",
        '#!/bin/sh\nrun "$SHELL_A" "${SHELL_B:-x}"\n: "${SHELL_C:?is not set}"\n',
        (3,),
    ),
    Code("Dockerfile", "FROM scratch\nENV A=${DOCKER_A}\nRUN echo ${DOCKER_B:-x}\n"),
    Code(
        "docker-compose.yml", "services:\n  a:\n    image: a:${COMPOSE_A}\n    b: ${COMPOSE_B:?}\n"
    ),
    Code(
        "app.json",
        '{\n  "env": {\n    "JSON_A": {"description": "x"},\n    "JSON_B": {"required": false},\n'
        '    "JSON_C": {"value": "5"},\n    "JSON_D": {"generator": "secret"},\n'
        '    "JSON_E": "x"\n  }\n}\n',
        (3,),
    ),
    Code("spec/a_spec.rb", "a = ENV.fetch('SPEC_A')\n"),
    Code("notes.md", "Set `MD_A`, and ENV.fetch('MD_B').\n"),
    Code("web/h.php", "<?php $h = getenv('WEB_H');\n"),
    Code("web/i.go", 'i := os.Getenv("WEB_I")\n'),
)
MENTIONS = {
    "m/a.js": "use(process.env.MENTION_A)\n",
    "m/b.ts": "use(process.env['MENTION_B'])\n",
    "m/c.rb": "use ENV['MENTION_C']\n",
    "m/d.sh": "use $MENTION_D\n",
    "m/Dockerfile": "FROM scratch\nENV X=${MENTION_E}\n",
    "m/compose.yml": "a:\n  b: ${MENTION_F}\n",
    "m/app.go": 'os.Getenv("MENTION_G")\n',
    "m/a.ex": 'System.get_env("MENTION_H")\n',
    "m/Foo.java": 'System.getenv("MENTION_I");\n',
    "m/a.php": "<?php env('MENTION_J');\n",
    "m/Cargo.rs": 'env!("MENTION_K");\n',
    "m/a.yml": "env: [MENTION_L]\n",
    "m/vite.ts": "import.meta.env.MENTION_M\n",
    "m/web.py": "import os\nos.getenv('MENTION_N')\n",
}
"""What only speaks of a declared name: it is mentioned, and so not told to be unused."""
DECLARED = [f"MENTION_{letter}" for letter in "ABCDEFGHIJKLMN"]


def _chapter(name: str, codes: tuple[Code, ...]) -> Chapter:
    names = {"DECLARED": "DECLARED=x\n"}
    return Chapter(
        name,
        {
            PRODUCTION: "".join(names.values()),
            "declared.py": "import os\nos.environ['DECLARED']\n",
            **{each.path: each.text for each in codes},
        },
        harmless=sum(1 for each in codes if not each.required and not each.missed),
        found=tuple(Place(each.path, line, RULE) for each in codes for line in each.required),
        details=tuple(Place(each.path, line, RULE) for each in codes for line in each.optional),
        missed=tuple(Place(each.path, line, RULE) for each in codes for line in each.missed),
        notes=tuple(
            f"{each.path}:{_line(each)} {each.note}" for each in sorted(codes) if each.note
        ),
        rules=(RULE,),
        provided=frozenset({"GIVEN"}),
    )


def _line(code: Code) -> int:
    return 4 if "prefixed" in code.text else 3 if "for name" in code.text else 2


def _mentions() -> Chapter:
    unused = "UNUSED is mentioned in no file"
    return Chapter(
        "names that files speak of",
        {PRODUCTION: "".join(f"{name}=x\n" for name in [*DECLARED, "UNUSED"]), **MENTIONS},
        harmless=len(MENTIONS),
        notes=(f"{PRODUCTION}:{len(DECLARED) + 1} {unused}",),
        rules=(RULE,),
    )


def _first_day() -> Chapter:
    """An app with a database and a cache, whose vars were just pulled: what add-ons own is not."""
    return Chapter(
        "a first day",
        {
            PRODUCTION: "SECRET_KEY=" + "k8Zq51RtTn0Xw72Lm9Vb" + "\nLOG_LEVEL=info\n",
            "config/settings.py": (
                "import os\nimport dj_database_url\n"
                "DATABASES = {'default': dj_database_url.config()}\n"
                "SECRET_KEY = os.environ['SECRET_KEY']\nLOG = os.environ.get('LOG_LEVEL')\n"
                "DEBUG = os.environ.get('DEBUG') == '1'\nPORT = os.environ['PORT']\n"
            ),
            "config/queue.py": "import os\nurl = os.environ['DATABASE_URL']\n",
            "Procfile": "web: gunicorn config.wsgi --bind 0.0.0.0:$PORT\n",
        },
        harmless=8,
        details=(Place("config/settings.py", 3, RULE), Place("config/settings.py", 6, RULE)),
        notes=(
            "config/queue.py:2 DATABASE_URL is declared in no env file: an add-on must set it",
            f"{PRODUCTION} 1 value is not looked for: no secrets, or too short",
        ),
    )


CHAPTERS = [
    _chapter("Python that reads the environment", PYTHON),
    _chapter("files that no dyno runs, and files that one does", (*APART, *ON_A_DYNO)),
    _chapter("other languages", OTHERS),
    _mentions(),
    _first_day(),
]
