<?php
$greeting = "Hello";
echo $greeting . ;
