"""Money: dated cash items become yearly flows, flows become NPV, IRR and payback, and rows of NPV become risk.

Pure functions of arrays. N rows are simulated rows (calibration draw × replication), columns are the year ends 0…Y.
Words: VAN = NPV, TRI = IRR, TRIM = MIRR, délai de récupération = payback, annuité équivalente = equivalent annual
cost, CMPC = WACC (the discount rate), BFR = working capital.
"""
