"""What researchers ask: search, cohorts, requests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.text import Text

from records.errors import BadInput
from records.files import read_text
from rooms.cli.options import As, Json
from rooms.cli.output import emit, note, out
from rooms.cli.session import session

_HASH: Final = re.compile(r"[0-9a-f]{64}")

cohort = typer.Typer(help="Cohorts 队列: who would be in a study, counted without seeing them.", no_args_is_help=True)
request = typer.Typer(help="Access requests 利用申请.", no_args_is_help=True)


def search(
    query: Annotated[
        str, typer.Argument(help="In your own words, Chinese or English: 糖尿病并发症, diabetic complications.")
    ],
    limit: Annotated[int, typer.Option(min=1, max=200, help="Cards at most.")] = 20,
    department: Annotated[str | None, typer.Option(help="Only this department.")] = None,
    record_type: Annotated[str | None, typer.Option("--type", help="Only this record type (D01 … D40).")] = None,
    since: Annotated[int | None, typer.Option(help="From this year.")] = None,
    until: Annotated[int | None, typer.Option(help="Up to this year.")] = None,
    grant: Annotated[str | None, typer.Option(help="Within the records that this grant opens.")] = None,
    cohort_file: Annotated[
        Path | None, typer.Option("--cohort", metavar="FILE", help="Write the cohort that the question stands for.")
    ] = None,
    as_user: As = None,
    as_json: Json = False,
) -> None:
    """Search the open shelf. Counts are rounded, and small ones hidden; cards carry no narrative."""
    asked: dict[str, Any] = {
        "query": query, "limit": limit, "department": department, "record_type": record_type,
        "since": since, "until": until, "grant": grant,
    }  # fmt: skip
    with session(as_user, "researcher") as own:
        answer = own.call("search.run", **asked)
    if cohort_file is not None:
        _write_cohort(cohort_file, answer["cohort"])
    if as_json:
        emit(answer, True)
    else:
        _show(answer)


def _write_cohort(file: Path, toml: str | None) -> None:
    """Raises BadInput("search_no_cohort" | "file_exists")."""
    if toml is None:
        raise BadInput("search_no_cohort", "The search names no concept and no filter: add one to make it a cohort.")
    if file.exists():
        raise BadInput("file_exists", f"{file.name} is there already; choose another name for the cohort.")
    file.write_text(toml, encoding="utf-8")
    note(f"cohort written to {file.name}; count it with `lantai cohort count`")


def _show(answer: dict[str, Any]) -> None:
    """A search's answer for people: how many, where, and why each card."""
    out.print(Text(f"{answer['total']} records, edition {answer['edition']}, {answer['took_ms']} ms"))
    for name, counts in answer["facets"].items():
        some = [f"{value or '—'} {count}" for value, count in counts.items() if not count.startswith("<")]
        out.print(Text(f"  {name}: " + ("  ".join(some) or "too few to show")))
    if answer["suggestions"]:
        near = (f"{one['zh']} {one['en']} {one['records']}" for one in answer["suggestions"])
        out.print(Text("  narrower: " + "  ".join(near)))
    if answer["not_found"]:
        out.print(Text(f"  nothing, or too little to show, for: {', '.join(answer['not_found'])}"))
    for hit in answer["hits"]:
        out.print(Text(f"{hit['record']}  {hit['type']}  {hit['department']}  {hit['year'] or ''}  {hit['why']}"))


@cohort.command("count")
def cohort_count(
    what: Annotated[str, typer.Argument(metavar="FILE|HASH", help="A definition (TOML), or the hash of a saved one.")],
    edition: Annotated[int, typer.Option(min=0, help="On this edition instead of the current one.")] = 0,
    as_user: As = None,
    as_json: Json = False,
) -> None:
    """Count a cohort: patients, records, what each step takes away, and how complete the wanted variables are."""
    asked = {"hash": what} if _HASH.fullmatch(what) else {"toml": read_text(Path(what))}
    with session(as_user, "researcher") as own:
        answer = own.call("cohort.count", edition=edition, **asked)
    if as_json:
        emit(answer, True)
    else:
        _show_count(answer)


def _show_count(answer: dict[str, Any]) -> None:
    """A count for people: each step with what it took away, then each variable with how often it is known."""
    withdrawn = answer["withdrawn"]
    gone = "" if withdrawn.startswith("<") else f", {withdrawn} records withdrawn since"
    out.print(Text(f"{answer['patients']} patients, {answer['records']} records, edition {answer['edition']}{gone}"))
    for step in answer["attrition"]:
        lost = f"  (-{step['lost_patients']})" if "lost_patients" in step else ""
        out.print(Text(f"  {step['patients']:>8} patients {step['records']:>8} records  {step['step']}{lost}"))
    for one in answer["feasibility"]:
        percent = "" if one["share"] is None else f"  {one['share']} %"
        out.print(Text(f"  {one['variable']}: known of {one['patients']} patients{percent}"))
    if not answer["same_lexicon"]:
        note("this edition was made with another lexicon: counts may differ from those of its time")


@cohort.command("save")
def cohort_save(
    file: Path,
    name: Annotated[str, typer.Option(help="A name to find it by.")] = "",
    as_user: As = None,
    as_json: Json = False,
) -> None:
    """Save a definition under its hash, so that a request can name it."""
    with session(as_user, "researcher") as own:
        emit(own.call("cohort.save", toml=read_text(file), name=name or file.stem), as_json)


@cohort.command("list")
def cohort_list(as_user: As = None, as_json: Json = False) -> None:
    """Your saved cohorts."""
    with session(as_user, "researcher") as own:
        emit(own.call("cohort.list"), as_json)


@cohort.command("show")
def cohort_show(
    cohort_hash: Annotated[str, typer.Argument(metavar="HASH")], as_user: As = None, as_json: Json = False
) -> None:
    """A saved definition, your own or one whose hash you were given."""
    with session(as_user, "researcher") as own:
        answer = own.call("cohort.show", hash=cohort_hash)
    if as_json:
        emit(answer, True)
    else:
        out.print(Text(answer["toml"]))


@request.command("submit")
def submit(file: Path, as_user: As = None, as_json: Json = False) -> None:
    """Submit a request (TOML: purpose, ethics number and end, cohort, variables, period)."""
    with session(as_user, "researcher") as own:
        emit(own.call("request.submit", toml=read_text(file)), as_json)


@request.command("show")
def show(request_id: Annotated[str, typer.Argument(metavar="R")], as_user: As = None, as_json: Json = False) -> None:
    """One request: its state and what was decided."""
    with session(as_user, "researcher") as own:
        emit(own.call("request.show", request=request_id), as_json)


@request.command("list")
def list_requests(as_user: As = None, as_json: Json = False) -> None:
    """Your requests."""
    with session(as_user, "researcher") as own:
        emit(own.call("request.list"), as_json)


@request.command("withdraw")
def withdraw(
    request_id: Annotated[str, typer.Argument(metavar="R")], as_user: As = None, as_json: Json = False
) -> None:
    """Take a request back."""
    with session(as_user, "researcher") as own:
        emit(own.call("request.withdraw", request=request_id), as_json)


@request.command("accept")
def accept(request_id: Annotated[str, typer.Argument(metavar="R")], as_user: As = None, as_json: Json = False) -> None:
    """Accept the conditions that reviewers set."""
    with session(as_user, "researcher") as own:
        emit(own.call("request.accept", request=request_id), as_json)


def add_to(app: typer.Typer) -> None:
    """Hang these commands on the `lantai` command."""
    app.command("search")(search)
    app.add_typer(cohort, name="cohort")
    app.add_typer(request, name="request")
