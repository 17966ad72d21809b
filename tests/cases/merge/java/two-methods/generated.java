class Mill {
    int fill(int n) {
        return n;
    }

    int grind(int n) {
        return n * 3;
    }
}
