package shop;

import java.util.List;
import java.util.Map;

public class Box {
    private static final int LIMIT = 10;

    private int width;

    public Box(int width) {
        this.width = width;
    }

    public int area(int height) {
        int size = width * height;
        return size;
    }

    /** Twice as wide. */
    public void grow() {
        width *= 2;
    }

    public void show() {
        System.err.println(String.format("%d of %d", width, LIMIT));
    }
}
