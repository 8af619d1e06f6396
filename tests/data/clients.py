"""Writes the files of clients beside it as other programs do: openpyxl, XlsxWriter, vobject and Python's own csv.

python3 -m venv venv && venv/bin/pip install openpyxl==3.1.5 xlsxwriter vobject==0.9.9 && venv/bin/python tests/data/clients.py
"""

import csv
import datetime
import pathlib

import openpyxl
import vobject
import xlsxwriter

HERE = pathlib.Path(__file__).parent
TITLES = ["ФИО", "Мобильный телефон", "Рабочий телефон", "E-mail", "Комментарий", "VIP"]


def by_openpyxl():
    book = openpyxl.Workbook()
    book.active.title = "Пусто"
    sheet = book.create_sheet("Клиенты")
    sheet.append(TITLES)
    sheet.append(["Иванов Семён", 79101234567, "8 (495) 123-45-67", "ivan@example.org", datetime.date(2025, 3, 8), True])
    sheet.append([])
    sheet.append(["Петрова <Анна> & Ко", 79107654321.0, None, None, "первая\nвторая", False])
    sheet.cell(row=5, column=300)
    other = book.create_sheet("Архив")
    other.append(["Имя", "Телефон"])
    other.append(["Смирнов", "+7 910 000-00-01"])
    hidden = book.create_sheet("Скрытый")
    hidden.sheet_state = "hidden"
    book.save(HERE / "clients-openpyxl.xlsx")


def by_xlsxwriter():
    book = xlsxwriter.Workbook(str(HERE / "clients-xlsxwriter.xlsx"))
    sheet = book.add_worksheet("Лист1")
    sheet.write_row(0, 0, TITLES)
    sheet.write_string(1, 0, "Иванов Семён")
    sheet.write_number(1, 1, 79101234567, book.add_format({"num_format": "0"}))
    sheet.write_formula(1, 2, '="8495"&"1234567"', None, "84951234567")
    sheet.write_rich_string(1, 3, "ivan@", book.add_format({"bold": True}), "example.org")
    sheet.write_datetime(1, 4, datetime.datetime(2025, 3, 8, 9, 30), book.add_format({"num_format": "dd.mm.yyyy hh:mm"}))
    sheet.write_formula(1, 5, "=1=1", None, True)
    book.close()


def by_vobject():
    cards = []
    for name, parts, phones, email, note in [
        ("Иванов Семён", ("Иванов", "Семён"), [("+7 910 123-45-67", "CELL"), ("+7 495 123-45-67", "WORK")], "ivan@example.org",
         "Заметка длиннее одной строки: запятая, точка с запятой; и\nперевод строки, чтобы её пришлось разбить"),
        ("Петрова Анна", ("Петрова", "Анна"), [("+7 910 765-43-21", "HOME")], None, None),
    ]:
        card = vobject.vCard()
        card.add("fn").value = name
        card.add("n").value = vobject.vcard.Name(family=parts[0], given=parts[1])
        card.add("org").value = ["Ромашка, и Ко", "Склад"]
        for number, kind in phones:
            line = card.add("tel")
            line.value, line.type_param = number, kind
        if email:
            card.add("email").value = email
        if note:
            card.add("note").value = note
        cards.append(card.serialize())
    (HERE / "clients-vobject.vcf").write_bytes("".join(cards).encode())


def by_csv():
    with open(HERE / "clients-python.csv", "w", encoding="cp1251", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(TITLES)
        rows.writerow(["Иванов Семён", "8 910 123-45-67", "84951234567", "ivan@example.org", 'сказал: "перезвоните"; ждёт', "да"])


by_openpyxl()
by_xlsxwriter()
by_vobject()
by_csv()
