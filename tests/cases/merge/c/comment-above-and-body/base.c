#include <stdio.h>
#include <stdlib.h>

#define LIMIT 10

struct box {
    int width;
};

static int area(int width, int height)
{
    int size = width * height;
    return size;
}

/* Twice as wide. */
static void grow(struct box *box)
{
    box->width *= 2;
}

int show(const struct box *box)
{
    return fprintf(stdout, "%d of %d\n", box->width, LIMIT);
}
