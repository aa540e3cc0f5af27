"""The JSON shapes of the Platform API, after Heroku's published schema."""

from .app import App
from .facts import Addon, Attachment, Release, identifier

Shape = dict[str, object]
_TROUBLE_SINCE = "2026-01-01T12:00:00Z"


def app(it: App) -> Shape:
    stack = {"id": identifier("stack", "heroku-24"), "name": "heroku-24"}
    return {
        "acm": False,
        "archived_at": None,
        "buildpack_provided_description": "Python",
        "build_stack": stack,
        "created_at": it.created_at,
        "generation": {"id": identifier("generation", "cedar"), "name": "cedar"},
        "git_url": f"https://git.heroku.com/{it.name}.git",
        "id": it.id,
        "internal_routing": None,
        "maintenance": it.maintenance,
        "name": it.name,
        "organization": None,
        "owner": user("you@example.com"),
        "region": {"id": identifier("region", "us"), "name": "us"},
        "released_at": it.releases[-1].created_at,
        "repo_size": None,
        "slug_size": None,
        "space": None,
        "stack": stack,
        "team": None,
        "updated_at": it.releases[-1].created_at,
        "web_url": f"https://{it.name}.herokuapp.com/",
    }


def release(it: Release, of: App) -> Shape:
    return {
        "addon_plan_names": [addon.plan for addon in of.addons],
        "app": {"id": of.id, "name": of.name},
        "artifacts": [],
        "created_at": it.created_at,
        "current": it.current,
        "description": it.description,
        "eligible_for_rollback": it.status == "succeeded",
        "id": it.id,
        "output_stream_url": None,
        "slug": None,
        "status": it.status,
        "updated_at": it.created_at,
        "user": user(it.user),
        "version": it.version,
    }


def addon(it: Addon, owner: App) -> Shape:
    """An add-on as its owning app sees it: extra credentials' vars are not listed."""
    names = [
        name
        for each in owner.attachments
        if each.addon == it and each.namespace is None
        for name in each.config_vars
    ]
    return {
        "actions": [],
        "addon_service": {"id": identifier("service", it.service), "name": it.service},
        "app": {"id": it.app_id, "name": it.app_name},
        "billed_price": {"cents": 500, "contract": False, "unit": "month"},
        "billing_entity": {"id": it.app_id, "name": it.app_name, "type": "app"},
        "config_vars": names,
        "created_at": it.created_at,
        "id": it.id,
        "name": it.name,
        "plan": _plan(it),
        "provider_id": it.id,
        "state": "provisioned" if names else "provisioning",
        "updated_at": it.created_at,
        "web_url": None,
    }


def attachment(it: Attachment, on: App, *, included: frozenset[str]) -> Shape:
    """An attachment; `included` are the parts that Accept-Inclusion asked for."""
    of: Shape = {
        "app": {"id": it.addon.app_id, "name": it.addon.app_name},
        "id": it.addon.id,
        "name": it.addon.name,
    }
    if "addon:plan" in included:
        of["plan"] = _plan(it.addon)
    shape: Shape = {
        "addon": of,
        "app": {"id": on.id, "name": on.name},
        "created_at": it.created_at,
        "id": it.id,
        "log_input_url": None,
        "name": it.name,
        "namespace": it.namespace,
        "updated_at": it.created_at,
        "web_url": None,
    }
    if "config_vars" in included:
        shape["config_vars"] = list(it.config_vars)
    return shape


def setting(name: str, of: App) -> Shape:
    """A var in `config-vars-settings`; https://github.com/heroku/typescript-api-schema, 3.sdk."""
    owners = [each for each in of.attachments if name in each.config_vars]
    return {
        "attachment": {"id": owners[0].id} if owners else None,
        "key": name,
        "masked": name in of.masked,
        "masking_supported": not owners,
        "value": of.shown({name: of.vars[name]})[name],
        "value_updated_at": _updated_at(name, of),
    }


def _updated_at(name: str, of: App) -> str:
    """When the release was made since which a var has the value that it has."""
    since = of.releases[-1].created_at
    for release in reversed(of.releases):
        if release.status == "succeeded" and release.vars.get(name) != of.vars[name]:
            break
        since = release.created_at
    return since


def account(email: str, trouble: str | None) -> Shape:
    return {
        **user(email),
        "allow_tracking": False,
        "beta": False,
        "country_of_residence": None,
        "created_at": "2012-01-01T12:00:00Z",
        "default_organization": None,
        "default_team": None,
        "delinquent_at": _TROUBLE_SINCE if trouble == "delinquent" else None,
        "federated": False,
        "identity_provider": None,
        "last_login": None,
        "name": None,
        "sms_number": None,
        "suspended_at": _TROUBLE_SINCE if trouble == "suspended" else None,
        "two_factor_authentication": False,
        "updated_at": "2012-01-01T12:00:00Z",
        "verified": True,
    }


def user(email: str) -> Shape:
    """A user as releases show one; the id follows from the address."""
    return {"id": identifier("user", email), "email": email}


def _plan(of: Addon) -> Shape:
    return {"id": identifier("plan", of.plan), "name": of.plan}
