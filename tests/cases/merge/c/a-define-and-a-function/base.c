#define SPEED 3

int fill(int n)
{
	return n;
}

int grind(int n)
{
	return n * SPEED;
}
