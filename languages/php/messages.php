<?php
// Errors that nobody caught and warnings are shown with the plain name of the file they happened in.

set_exception_handler(static function (Throwable $error): never {
    $text = '';
    for ($cause = $error; $cause !== null; $cause = $cause->getPrevious()) {
        $text .= ($cause === $error ? 'Uncaught ' : 'caused by ') . get_class($cause) . ': ' . $cause->getMessage()
            . ' in ' . $cause->getFile() . ':' . $cause->getLine() . "\n";
        foreach (explode("\n", $cause->getTraceAsString()) as $frame) {
            if (!str_contains($frame, '/code/harness.php') && !str_ends_with($frame, '{main}')) {
                $text .= $frame . "\n";
            }
        }
    }
    fwrite(STDERR, str_replace('/code/', '', $text));
    exit(255);
});

set_error_handler(static function (int $kind, string $message, string $file, int $line): bool {
    $names = [
        E_WARNING => 'Warning', E_USER_WARNING => 'Warning', E_NOTICE => 'Notice', E_USER_NOTICE => 'Notice',
        E_USER_ERROR => 'Fatal error', E_DEPRECATED => 'Deprecated', E_USER_DEPRECATED => 'Deprecated',
    ];
    // What is silenced with @ is left to PHP.
    if (!isset($names[$kind]) || (error_reporting() & $kind) === 0) {
        return false;
    }
    fwrite(STDERR, "$names[$kind]: $message in " . str_replace('/code/', '', $file) . " on line $line\n");
    if ($kind === E_USER_ERROR) {
        exit(255);
    }
    return true;
});
