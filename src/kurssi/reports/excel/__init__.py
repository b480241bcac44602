"""The sheets of the Excel report, one module each; :mod:`kurssi.reports.workbook` puts them together."""
