"""The kind of data `table`: CSV, TSV and Parquet."""

from collections.abc import Mapping, Sequence

from engine.data.library.array_folder import ArrayFolder
from engine.data.library.kinds import DataKind, GivenFile, Prepared, Progress
from engine.data.library.manifest import ArrayPlan, Definition, Inspection, Kind
from engine.data.library.option_reading import read_options
from engine.data.library.table.files import choose_files, open_files
from engine.data.library.table.limits import MAX_FILES
from engine.data.library.table.opening import looks_like_table, open_table
from engine.data.library.table.options import ColumnChoice, TableOptions, describe_options
from engine.data.library.table.preparation import Preparation
from engine.data.library.table.problems import describe, refuse
from engine.data.library.table.proposals import name_target, propose_inputs, propose_labels, propose_target
from engine.data.library.table.reading import Table
from engine.data.library.table.sample import Sample, look
from engine.errors import IssuesError
from engine.graph.issues import Issue

TABLE: Kind = "table"
A_TABLE = "a table"

Used = tuple[str, str]
"""An array of the plan, and a column that goes into it."""


class TableKind:
    """A sample per row. Memory: some blocks of the file, whatever its size."""

    name: Kind = TABLE

    def takes(self, files: Sequence[GivenFile]) -> bool:
        """Whether all are Parquet, or texts that can be tables: files, or what is in folders and zips."""
        try:
            with open_files(files) as (found, _):
                return bool(found) and all(looks_like_table(file) for file in found[:MAX_FILES])
        except IssuesError:
            return False

    def inspect(self, files: Sequence[GivenFile], definition: Definition | None) -> Inspection:
        """Looks at the first rows. What a definition says of columns that are not there is passed over."""
        options = read_options(TableOptions, A_TABLE, definition.options if definition else {})
        with open_files(files) as (found, notes):
            try:
                table, options = open_table(choose_files(found, options.files), options)
            except IssuesError as error:
                if len(found) < 2:
                    raise
                return _report(error, options, notes)
            looked = self._inspect(table, options, definition, [*notes, *table.notes])
        several = len(found) > 1 or options.file_column or bool(options.files)
        return looked.model_copy(update={"choices": describe_options(several)})

    def _inspect(
        self, table: Table, options: TableOptions, definition: Definition | None, notes: list[Issue]
    ) -> Inspection:
        names = [column.name for column in table.columns]
        options = options.model_copy(
            update={"columns": {name: choice for name, choice in options.columns.items() if name in set(names)}}
        )
        table.texts = {name for name, choice in options.columns.items() if choice.type == "text"}
        try:
            sample = look(table, options)
        except IssuesError as error:
            return _report(error, options, [])
        issues = [*notes, *(guess.issue for guess in sample.guesses if guess.issue)]
        issues += _find_faults(table, sample, options)
        inputs, targets, proposed = _settle_plans(definition, sample, options)
        columns = {guess.column.name: guess.choice for guess in sample.guesses}
        settled = options.model_copy(update={"columns": columns})
        return Inspection(
            definition=Definition(kind=TABLE, options=settled.model_dump(mode="json"), inputs=inputs, targets=targets),
            choices=describe_options(True),
            samples=table.samples if table.samples is not None else (sample.looked_at if sample.complete else None),
            fields=[guess.summary for guess in sample.guesses],
            rows=sample.rows,
            issues=[*issues, *proposed],
        )

    def prepare(
        self, files: Sequence[GivenFile], definition: Definition, arrays: ArrayFolder, progress: Progress
    ) -> Prepared:
        """Reads the table twice and writes its arrays."""
        options = read_options(TableOptions, A_TABLE, definition.options)
        with open_files(files) as (found, _):
            table, options = open_table(choose_files(found, options.files), options)
            columns = _settle_columns(table, options, definition)
            table.texts = {name for name, choice in columns.items() if choice.type == "text"}
            return Preparation(table, options, definition, columns, progress).run(arrays)


def _report(error: IssuesError, options: TableOptions, notes: list[Issue]) -> Inspection:
    """With the options at hand, a person can choose others that fit."""
    found = Definition(kind=TABLE, options=options.model_dump(mode="json"))
    return Inspection(
        definition=found,
        choices=describe_options(True),
        samples=None,
        fields=[],
        rows=[],
        issues=[*error.issues, *notes],
    )


def _settle_plans(
    definition: Definition | None, sample: Sample, options: TableOptions
) -> tuple[list[ArrayPlan], list[ArrayPlan], list[Issue]]:
    """What was asked for, without columns that are not there, or else what is proposed."""
    usable = {guess.column.name for guess in sample.guesses if guess.choice.type != "skip"}
    targets = _keep_known(definition.targets if definition else [], usable)
    inputs = _keep_known(definition.inputs if definition else [], usable)
    proposed = propose_target(sample)
    if not targets and proposed:
        said = proposed.column.name in options.columns or options.series
        if not said and propose_labels(proposed, sample):
            proposed.choice = ColumnChoice(type="category", encode="one_hot")
        targets = [ArrayPlan(name=name_target(proposed.column.name), fields=[proposed.column.name])]
    notes: list[Issue] = []
    if not inputs and targets:
        # In a series, what was to be predicted so far tells of what is to be predicted next.
        left_out = None if options.series else targets[0].fields[0]
        inputs, notes = propose_inputs(sample, left_out, targets[0].name)
    taken = {plan.name for plan in inputs}
    return inputs, [plan for plan in targets if plan.name not in taken], notes


def _keep_known(plans: Sequence[ArrayPlan], usable: set[str]) -> list[ArrayPlan]:
    kept = ((plan, [name for name in plan.fields if name in usable]) for plan in plans)
    return [ArrayPlan(name=plan.name, fields=fields) for plan, fields in kept if fields]


def _find_faults(table: Table, sample: Sample, options: TableOptions) -> list[Issue]:
    """What would stand in the way of preparing the table, as far as can be seen."""
    faults = []
    if len(table.columns) == 1:
        divided = f" divided by {options.delimiter!r}" if options.delimiter else ""
        faults.append(
            describe(
                "one_column",
                f"{table.file.name}: expected at least two columns, an input and a target, received one{divided}:"
                f" {table.columns[0].name[:60]!r}",
                "Another delimiter may be right.",
                "options.delimiter",
            )
        )
    if not sample.looked_at:
        faults.append(describe("no_rows", f"{table.file.name}: expected rows of values, received only a header"))
    if options.missing_rows == "refuse":
        faults += [
            describe(
                "missing_values",
                f"column {guess.column.name!r}: {guess.summary.missing:,} of the first {sample.looked_at:,} rows have"
                " no value",
                "Say in `missing_rows` whether such rows are to be dropped or filled, or skip the column.",
                "options.missing_rows",
                "warning",
            )
            for guess in sample.guesses
            if guess.summary.missing and guess.choice.type != "skip"
        ]
    return faults


def _settle_columns(table: Table, options: TableOptions, definition: Definition) -> dict[str, ColumnChoice]:
    """What each column is. Raises `IssuesError` for a plan that cannot be followed."""
    if not definition.inputs or not definition.targets:
        missing = "inputs" if not definition.inputs else "targets"
        raise refuse("nothing_to_learn", f"expected at least one input and one target, received no {missing}")
    used = [(plan.name, name) for plan in [*definition.inputs, *definition.targets] for name in plan.fields]
    issues = _find_unknown(table, options, used)
    columns = {name: choice.settle(options.raw) for name, choice in options.columns.items()}
    reasons: dict[str, str] = {}
    if not issues and any(name not in columns or columns[name].is_open for _, name in used):
        guesses = look(table, options).guesses
        columns = {guess.column.name: guess.choice for guess in guesses}
        reasons = {guess.column.name: f": {guess.issue.message}" for guess in guesses if guess.issue}
    issues += _find_unusable(table, columns, reasons, used)
    if not options.series:
        issues += _find_copied(definition)
    if issues:
        raise IssuesError(issues[0].code, issues[0].message, issues[0].hint, issues)
    return columns


def _find_unknown(table: Table, options: TableOptions, used: Sequence[Used]) -> list[Issue]:
    """Columns that the plan or the options name, and the table does not have."""
    known = [column.name for column in table.columns]
    there = f"There are: {', '.join(map(repr, known[:20]))}{', …' if len(known) > 20 else ''}"
    of_plan = [
        describe(
            "unknown_column",
            f"{table.file.name}: array {array!r}: expected a column of the table, received {name!r}",
            there,
        )
        for array, name in used
        if name not in known
    ]
    of_options = [
        describe("unknown_column", f"options.columns: {table.file.name} has no column {name!r}")
        for name in options.columns
        if name not in known
    ]
    return [*of_plan, *of_options]


def _find_unusable(
    table: Table, columns: Mapping[str, ColumnChoice], reasons: Mapping[str, str], used: Sequence[Used]
) -> list[Issue]:
    """Columns of the plan that are skipped; `reasons` says why where that was found."""
    readable = {column.name: column.readable for column in table.columns}
    return [
        describe(
            "column_not_usable",
            f"array {array!r}: expected a column of numbers, categories, dates or texts, received {name!r}, which is"
            f" skipped{reasons.get(name, '')}",
            argument=f"options.columns.{name}",
        )
        for array, name in used
        if name in readable and (name not in columns or columns[name].type == "skip" or not readable[name])
    ]


def _find_copied(definition: Definition) -> list[Issue]:
    """Targets that are inputs too."""
    inputs = {name for plan in definition.inputs for name in plan.fields}
    return [
        describe("target_among_inputs", f"column {name!r} is a target and an input: the model would only copy it")
        for plan in definition.targets
        for name in plan.fields
        if name in inputs
    ]


KIND: DataKind = TableKind()
