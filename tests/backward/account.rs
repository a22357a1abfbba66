//! The charges of `proofs/backward/README.md`, sections 5 and 6, added up on given stays.

use crate::class::Item;

/// Is an item in a window?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Here {
    Absent,
    Arrives,
    Carried,
}

/// Which items are in which windows.
pub(crate) struct Story {
    pub(crate) d_k: i64,
    pub(crate) d_v: i64,
    pub(crate) items: Vec<Item>,
    /// For each item and window.
    pub(crate) here: Vec<Vec<Here>>,
    /// Row, key and window of the pairs all of whose items are in one.
    pub(crate) good: Vec<(usize, usize, usize)>,
}

/// What windows pay and pairs need.
#[derive(Debug)]
pub(crate) struct Account {
    /// Σ of `N_w`, section 5.
    pub(crate) meet: i64,
    /// Σ of `Ψ_w` in its finest form, section 6, times [`Account::scale`].
    pub(crate) crowd: i64,
    pub(crate) scale: i64,
    /// K of section 5, and of section 6.
    pub(crate) each: [i64; 2],
    /// Of the pairs the fewest charges.
    pub(crate) least: i64,
    pub(crate) n_good: i64,
}

/// Of the row items or of the key items of a window.
#[derive(Default)]
struct Side {
    carried_words: i64,
    carried_places: i64,
    new_words: i64,
    new_places: i64,
}

impl Side {
    fn of(story: &Story, row: bool, window: usize) -> Self {
        let mut side = Self::default();
        for (it, here) in story.items.iter().zip(&story.here).filter(|it| it.0.row == row) {
            match (here[window], it.word) {
                (Here::Absent, _) => {}
                (Here::Carried, true) => side.carried_words += 1,
                (Here::Carried, false) => side.carried_places += 1,
                (Here::Arrives, true) => side.new_words += 1,
                (Here::Arrives, false) => side.new_places += 1,
            }
        }
        side
    }

    fn carried(&self) -> i64 {
        self.carried_words + self.carried_places
    }

    fn weight(&self) -> i64 {
        self.new_words + 2 * self.new_places
    }
}

impl Story {
    /// The first window of the stay around `window`.
    fn first(&self, item: usize, window: usize) -> usize {
        let here = &self.here[item];
        assert_ne!(here[window], Here::Absent, "an item of a good pair is not there");
        (0..=window).rev().find(|it| here[*it] == Here::Arrives).expect("it has arrived")
    }

    fn charges(&self, (row, key, window): (usize, usize, usize)) -> i64 {
        let of = |side: bool, which: usize| {
            let items = self.items.iter().enumerate();
            items.filter(move |it| it.1.row == side && it.1.of == which)
        };
        let mut sum = 0;
        for (u, left) in of(true, row) {
            for (v, right) in of(false, key) {
                let (a, b) = (self.first(u, window), self.first(v, window));
                let dear = (a >= b && !left.word) || (b >= a && !right.word);
                sum += 1 + i64::from(dear);
            }
        }
        sum
    }

    pub(crate) fn account(&self) -> Account {
        let d = self.d_k + self.d_v;
        let r = d + self.d_k;
        let scale = 2 * d * r;
        let windows = self.here.first().map_or(0, Vec::len);
        let (mut meet, mut crowd) = (0, 0);
        for window in 0..windows {
            let [row, key] = [true, false].map(|it| Side::of(self, it, window));
            let (f, g) = (row.weight(), key.weight());
            let n = f * key.carried() + g * row.carried() + f * g;
            meet += n;
            // κ = 2d_k/R, κ' = 2d_k²/DR, σ = R/2D, times 2DR
            let [many, few, waiting] = [4 * self.d_k * d, 4 * self.d_k * self.d_k, r * r];
            let (f, g) = (row.new_words, key.new_words);
            crowd += scale * n
                + many * g * key.carried_words
                + many / 2 * g * (g + 1)
                + waiting * f * row.carried_places
                + few * f * row.carried_words
                + few / 2 * f * (f + 1)
                + waiting * g * key.carried_places;
        }
        let least = self.good.iter().map(|it| self.charges(*it)).min().unwrap_or(i64::MAX);
        let each = [d * (2 * d + 3 * self.d_k), 2 * d * (d + 2 * self.d_k)];
        Account { meet, crowd, scale, each, least, n_good: self.good.len() as i64 }
    }
}

impl Account {
    /// Are the needs of the good pairs paid?
    pub(crate) fn holds(&self) -> bool {
        let needed = self.each.map(|it| it * self.n_good);
        self.least >= self.each[0] && self.meet >= needed[0] && self.crowd >= self.scale * needed[1]
    }

    /// Does section 5 alone fall short of what section 6 says?
    pub(crate) fn needs_the_crowd(&self) -> bool {
        self.least < self.each[1]
    }
}
