identification division.
program-id. sum-of-numbers.

environment division.
input-output section.
file-control.
    select numbers-in assign to keyboard
        organization is line sequential.

data division.
file section.
fd numbers-in.
01 line-read        pic x(20).

working-storage section.
01 total            pic s9(18) value 0.
01 total-shown      pic -(17)9.
01 end-of-numbers   pic 9 value 0.

procedure division.
    open input numbers-in
    perform until end-of-numbers = 1
        read numbers-in
            at end
                move 1 to end-of-numbers
            not at end
                add function numval(line-read) to total
        end-read
    end-perform
    close numbers-in

    move total to total-shown
    display function trim(total-shown)
    stop run.
