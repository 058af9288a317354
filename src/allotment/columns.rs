//! Lists looked up by number.

/// Where in memory a number stands.
pub(super) fn at(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The number of the next of so many.
pub(super) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Values by number; where there is none, the default.
#[derive(Debug, Clone, Default)]
pub(super) struct Column<T>(Vec<T>);

impl<T: Copy + Default> Column<T> {
    /// So many defaults.
    pub(super) fn of(length: u32) -> Self {
        Self(vec![T::default(); at(length)])
    }

    /// Room for so many.
    pub(super) fn with_room(length: usize) -> Self {
        Self(Vec::with_capacity(length))
    }

    /// The value of a number.
    pub(super) fn at(&self, number: u32) -> T {
        self.0.get(at(number)).copied().unwrap_or_default()
    }

    /// Sets the value of a number.
    pub(super) fn put(&mut self, number: u32, value: T) {
        if let Some(cell) = self.0.get_mut(at(number)) {
            *cell = value;
        }
    }

    /// Adds a value; answers its number.
    pub(super) fn push(&mut self, value: T) -> u32 {
        self.0.push(value);
        count(self.0.len() - 1)
    }

    /// How many there are.
    pub(super) fn len(&self) -> u32 {
        count(self.0.len())
    }

    /// Makes all of them, and so many, the value.
    pub(super) fn reset(&mut self, length: u32, value: T) {
        self.0.clear();
        self.0.resize(at(length), value);
    }
}

impl Column<u32> {
    /// One more.
    pub(super) fn raise(&mut self, number: u32) {
        self.put(number, self.at(number) + 1);
    }

    /// One less.
    pub(super) fn lower(&mut self, number: u32) {
        self.put(number, self.at(number).saturating_sub(1));
    }
}
