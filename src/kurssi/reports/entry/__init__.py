"""The workbook in which a teacher enters scores: written with openpyxl, because it is updated later."""
