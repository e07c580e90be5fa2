<?php
function solve(string $text): string
{
    return $text . $text;
}
