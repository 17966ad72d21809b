#include <iostream>
#include <string>
#include <vector>

namespace shop {

constexpr int limit = 10;

int area(int width, int height) {
    int size = width * height;
    return size;
}

class Box {
public:
    explicit Box(int width) : width_(width) {}

    void grow() {
        width_ *= 2;
    }

private:
    int width_;
};

void show(const Box &box) {
    std::cout << name(box, limit, "cm");
}

}
