use std::fmt::{Debug, Display};
use std::io;

const LIMIT: u32 = 10;

#[derive(Debug)]
struct Parcel {
    width: u32,
}

fn area(width: u32, height: u32) -> u32 {
    let size = width * height;
    size + 1
}

impl Parcel {
    /// Twice as wide.
    fn grow(&mut self) {
        self.width *= 2;
    }
}

fn show(parcel: &Parcel) {
    println!("{} of {}", parcel.width, LIMIT);
}
