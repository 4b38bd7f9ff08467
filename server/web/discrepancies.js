// discrepancies
