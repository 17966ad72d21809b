const SPEED: u32 = 3;

pub fn fill(n: u32) -> u32 {
    n
}

pub fn grind(n: u32) -> u32 {
    n * SPEED
}
