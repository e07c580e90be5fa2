let counter: number = 0;
while (true) {
    counter++;
}
