<?php
$line = rtrim(fgets(STDIN), "\n");
echo "«{$line}»\n";
