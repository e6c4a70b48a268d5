"""Settings as Excel sheets: export, edit in Excel, import after a preview of the changes.

`child.py` (rules): program that reads one workbook within limits of memory and time.
`columns.py` (rules): columns of a settings sheet: heading, allowed values, and the text of a cell that is compared.
`comparing.py` (rules): compare the lines of a file with the present rows: new, changed, missing or faulty.
`dates.py` (rules): dates and times in the ways in which offices write them.
`fault_sheet.py` (rules): the faulty rows of a table as .xlsx, in the layout in which the office sent it.
`layout.py` (rules): tables as offices send them: headings below a title, merged cells, notes, several sheets.
`reading.py` (rules): read the cells of uploaded files within limits: csv here, workbooks in a child process.
`registry.py` (rules): registry of settings sheets: each app adds its own when it is loaded.
`storing.py` (actions): apply the lines of an imported sheet, or find out what they would change.
`tables.py` (rules): rows of a table with line numbers and faults; write xlsx.
`uploaded.py` (rules): read an uploaded table before the transaction of its request opens.
`uploads.py` (actions): uploads of sheets: preview a file, store it until it is confirmed, then apply or delete it.
`writing.py` (rules): write a settings sheet as .xlsx: rows, lists of choices, and an explanation of each column.
"""
