identification division.
program-id. memory-hog.

data division.
working-storage section.
01 block-pointer    usage pointer.

procedure division.
    perform forever
        allocate 1000000 characters initialized returning block-pointer
    end-perform.
