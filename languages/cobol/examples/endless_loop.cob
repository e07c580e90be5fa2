identification division.
program-id. endless-loop.

data division.
working-storage section.
01 counter  pic 9(9) value 0.

procedure division.
    perform forever
        compute counter = function mod(counter + 1, 1000)
    end-perform.
