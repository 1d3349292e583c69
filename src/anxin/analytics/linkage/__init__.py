"""Finding records that are the same person or organisation: Splink on DuckDB or Spark. No Django.

    model = standard.person()                          # or organisation(); a scheme's version: model.from_json(text)
    with linking.duckdb(spill=folder) as api:
        found = linking.link(frame, model, api)        # -> Linkage(pairs, clusters)
    base = incremental.write_base(frame, model, folder)
    with linking.connection(spill=folder) as con:
        found = incremental.link_batch(batch, base, model, con)   # pairs of the batch with the base and with itself
    scoring.score_one(record, candidates, model, records=n, shares={"phone": {…}})   # live, without an engine

Input (`frame`, `batch`: Polars; `record`, `candidates`: mappings). All values are texts or dates; anything may be
null; columns that are absent count as unknown.

| Column | Persons | Organisations | |
|---|---|---|---|
| `record_id` | yes | yes | unique over all sources |
| `source` | yes | yes | code of the source system |
| `name` | full name as typed (surname first; letters and 林先生 are fine) | registered name | clear |
| `sex` | 男/女, M/F, male/female, 1/2 | | clear |
| `birth_date` | date or any usual text | | clear |
| `id_number` | 18 or 15 characters, masked with `*` is fine | | **clear**: slips, masks, check characters |
| `phone`, `phone2` | two at most, the best first | the same | clear, or blind index (equal or not) |
| `email`, `bank_account` | | | clear or blind index (the same kind on all records) |
| `address` | one line | one line | clear |
| `uscc` | | code, or old organisation code | clear |

`kind` is the caller's: persons and organisations are linked in two runs, each with its model.

Personal data: the caller hands over a frame in memory, or Parquet files in its sealed scratch folder which it deletes
after the run. A base written by `incremental.write_base` holds clear features, so the same applies. A model holds no
personal data: frequencies only of values that occur several times, and none of ID numbers, phones, accounts or
addresses of a door.

Result: `Linkage.pairs` (`left_id`, `right_id`, `weight`, `probability`, `outcome` certain|review, `reason`) and
`Linkage.clusters` (`record_id`, `cluster_id`) over the certain pairs. Reasons of review: `weight` (not sure), the codes
of `guards` (`id_contradicted`: same ID number, sex and birth date both differ; `different_ids`, `other_sex`,
`other_birth`, `name_unknown`, `different_codes`), and `cluster_conflict` (would put two sound ID numbers into one
cluster). Evidence for people: `scoring.Scorer(model).score(left, right)` over prepared records, field by field with
level codes; rooms put them into words.
"""
