say [+] lines».Int;
