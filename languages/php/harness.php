<?php
// Function mode: the included file is the body of a function of $input_str, or defines `solve` itself.

(static function (): void {
    $body = static function (string $input_str): mixed {
        return include '/code/solution.php';
    };
    $input = stream_get_contents(STDIN);
    $answer = $body($input);
    foreach (get_defined_functions()['user'] as $name) {
        if (preg_match('/(?:^|\\\\)solve$/', $name)) {
            $answer = $name($input);
            break;
        }
    }
    // What `include` makes of a file that returns nothing.
    if ($answer === 1 && !preg_match('/\breturn\b/i', file_get_contents('/code/solution.php'))) {
        $answer = null;
    }
    $data = '=' . (string) $answer;
    while (ob_get_level() > 0) {
        ob_end_flush();
    }
    $file = fopen('/answer', 'r+b');
    fwrite($file, $data);
    fclose($file);
    exit(0);
})();
