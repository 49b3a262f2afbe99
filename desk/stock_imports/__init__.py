"""Stock from a file in the browser: a workbook of several sheets, looked at and then brought in.

What a row means and what becomes of it is the stock room's (`stock.services.importing`); here it is
asked for, shown and agreed to.
"""
