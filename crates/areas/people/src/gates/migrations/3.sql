-- A void that came before what it takes back: few, and looked for with every scan.
CREATE INDEX gate_scan_waiting ON gate_scan(device, voids) WHERE verdict = 'waiting';
