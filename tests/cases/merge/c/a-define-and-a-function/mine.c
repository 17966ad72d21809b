#define SPEED 5

int fill(int n)
{
	return n;
}

int grind(int n)
{
	return n * SPEED;
}
