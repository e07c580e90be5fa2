program-id. runtime-error.
procedure division.
    call "missing-program".
    stop run.
