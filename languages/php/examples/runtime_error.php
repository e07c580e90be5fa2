<?php
$numbers = [1, 2, 3];
echo intdiv(array_sum($numbers), count($numbers) - 3);
