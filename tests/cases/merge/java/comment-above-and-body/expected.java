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

    // Tells people.
    public void show() {
        System.out.println(String.format("%d of %d", width, 2 * LIMIT));
    }
}
