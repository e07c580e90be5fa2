my @blocks;
loop {
    @blocks.push: buf8.allocate(1 +< 20, 1);
}
