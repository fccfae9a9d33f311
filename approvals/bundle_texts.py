"""The texts of a bundle: the data dictionary in two languages, and a README that says how to check it oneself."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from approvals.variables import variables

_README = """\
# 兰台数据放行包 {release} · Lantai release {release}

{rows} 行，{columns} 个变量。去标识化数据，仅限获批项目使用；去标识化不等于匿名化，不得尝试识别个人，不得转交他人。
{rows} rows, {columns} variables. De-identified, for the approved project only. De-identified is not anonymous: do not
try to identify anybody, do not pass it on. Report any name or number you come across to the archive.

| 文件 File | 内容 Content |
|---|---|
| data.csv | UTF-8（带 BOM），可用表格软件打开；像公式的单元格前加 ' · for formula-like cells begin with ' |
| data.jsonl | 每行一个 JSON 对象，值未改动 · one JSON object a line, values as they are |
| data.parquet | 同样的数据，带类型 · the same data, typed |
| dictionary.csv, dictionary.md | 变量说明 · what each variable means |
| manifest.json | 每个文件的 SM3 · SM3 of every file |
| manifest.sig | manifest.json 的 SM2 签名 · SM2 signature (DER) of manifest.json |
| public_key.pem | 签名公钥；请与档案部门公布的公钥比对 · compare it with the key the archive publishes |

## 自行核验 · Check it yourself

    lantai release verify .

不装兰台，只用 OpenSSL 3 · without Lantai, with OpenSSL 3:

    openssl pkeyutl -verify -pubin -inkey public_key.pem -rawin -digest sm3 \\
      -pkeyopt distid:1234567812345678 -in manifest.json -sigfile manifest.sig
    openssl dgst -sm3 data.csv data.jsonl data.parquet dictionary.csv dictionary.md README.md public_key.pem

第二条命令的结果应与 manifest.json 中的 "sm3" 一致。The digests must be those in manifest.json.
"""


def readme(release: str, rows: int, names: Sequence[str]) -> bytes:
    """README.md of a bundle."""
    return _README.format(release=release, rows=rows, columns=len(names)).encode()


def dictionary_csv(names: Sequence[str]) -> bytes:
    """One line a variable, UTF-8 with a mark so that spreadsheets show Chinese."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["name", "type", "名称", "说明", "english", "description"])
    for name in names:
        variable = variables()[name]
        writer.writerow([name, variable.type, variable.zh, variable.about_zh, variable.en, variable.about_en])
    return out.getvalue().encode("utf-8-sig")


def dictionary_md(names: Sequence[str]) -> bytes:
    """The same as a table for people."""
    lines = ["# 数据字典 · Data dictionary", "", "| 变量 Variable | 类型 Type | 中文 | English |", "|---|---|---|---|"]
    for name in names:
        variable = variables()[name]
        zh, en = f"{variable.zh}：{variable.about_zh}", f"{variable.en}. {variable.about_en}"
        lines.append(f"| {name} | {variable.type} | {zh} | {en} |")
    return ("\n".join(lines) + "\n").encode()
