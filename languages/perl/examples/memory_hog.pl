my @blocks;
while (1) {
    push @blocks, "x" x 1_000_000;
}
