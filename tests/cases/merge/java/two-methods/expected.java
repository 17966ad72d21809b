class Mill {
    int fill(int n) {
        return n + 1;
    }

    int grind(int n) {
        return n * 3;
    }
}
