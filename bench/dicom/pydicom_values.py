"""Prints what pydicom reads of each file of a folder, as JSON: {file: {keyword: text}}; a file that it refuses is left out."""
import json
import logging
import os
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
folder, keywords = sys.argv[1], sys.argv[2:]
found = {}
for name in sorted(os.listdir(folder)):
    try:
        dataset = pydicom.dcmread(os.path.join(folder, name), stop_before_pixels=True, force=True)
        values = {keyword: dataset.get(keyword) for keyword in keywords}
        found[name] = {keyword: str(value).strip(" \0") for keyword, value in values.items() if value is not None}
    except Exception:  # whatever a damaged file makes it raise
        continue
json.dump(found, sys.stdout)
