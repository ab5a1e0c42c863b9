//! What a line of JSON tells: the plain values that other languages' programs are told, too.

pub enum Told {
    Nothing,
    Bool(bool),
    Text(String),
    Int(String),
    Float(String),
    Bytes(Vec<u8>),
    List(Vec<Told>),
    Map(Vec<(Told, Told)>),
    Set(Vec<Told>),
    Other(String),
}

impl Told {
    /// The value that one line stands for.
    pub fn of(line: &str) -> Result<Told, String> {
        Reader { rest: line.chars().peekable() }.value()
    }

    pub fn items(&self) -> &[Told] {
        match self {
            Told::List(items) => items,
            _ => &[],
        }
    }

    /// The JSON that it was read from.
    pub fn json(&self) -> String {
        let list = |items: &[Told]| {
            format!("[{}]", items.iter().map(Told::json).collect::<Vec<_>>().join(","))
        };
        match self {
            Told::Nothing => "null".into(),
            Told::Bool(value) => value.to_string(),
            Told::Text(text) => quoted(text),
            Told::Int(digits) => format!(r#"{{"i":"{digits}"}}"#),
            Told::Float(digits) => format!(r#"{{"f":"{digits}"}}"#),
            Told::Bytes(bytes) => {
                let digits: String = bytes.iter().map(|each| format!("{each:02x}")).collect();
                format!(r#"{{"b":"{digits}"}}"#)
            }
            Told::List(items) => list(items),
            Told::Map(items) => {
                let pairs = items.iter().map(|(key, value)| format!("[{},{}]", key.json(), value.json()));
                format!(r#"{{"m":[{}]}}"#, pairs.collect::<Vec<_>>().join(","))
            }
            Told::Set(items) => format!(r#"{{"s":{}}}"#, list(items)),
            Told::Other(name) => format!(r#"{{"o":{}}}"#, quoted(name)),
        }
    }
}

/// A text in JSON.
pub fn quoted(text: &str) -> String {
    let mut all = String::from("\"");
    for each in text.chars() {
        match each {
            '"' | '\\' => all.extend(['\\', each]),
            '\u{20}'..='\u{7e}' => all.push(each),
            _ => {
                let mut units = [0; 2];
                for unit in each.encode_utf16(&mut units) {
                    all += &format!("\\u{unit:04x}");
                }
            }
        }
    }
    all + "\""
}

struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
}

impl Reader<'_> {
    fn next(&mut self) -> char {
        while self.rest.next_if(|each| *each == ' ').is_some() {}
        self.rest.next().unwrap_or('\0')
    }

    fn value(&mut self) -> Result<Told, String> {
        match self.next() {
            '"' => self.text().map(Told::Text),
            '[' => self.items().map(Told::List),
            '{' => self.tagged(),
            first => {
                let mut word = String::from(first);
                while let Some(each) = self.rest.next_if(|each| each.is_alphanumeric()) {
                    word.push(each);
                }
                match word.as_str() {
                    "null" => Ok(Told::Nothing),
                    "true" => Ok(Told::Bool(true)),
                    "false" => Ok(Told::Bool(false)),
                    _ => Err("it can't be read".into()),
                }
            }
        }
    }

    fn items(&mut self) -> Result<Vec<Told>, String> {
        let mut items = Vec::new();
        while self.rest.next_if(|each| *each == ' ').is_some() {}
        if self.rest.next_if_eq(&']').is_some() {
            return Ok(items);
        }
        loop {
            items.push(self.value()?);
            match self.next() {
                ',' => {}
                ']' => return Ok(items),
                _ => return Err("it can't be read".into()),
            }
        }
    }

    fn tagged(&mut self) -> Result<Told, String> {
        self.next();
        let tag = self.text()?;
        self.next();
        let inner = self.value()?;
        self.next();
        Ok(match (tag.as_str(), inner) {
            ("i", Told::Text(digits)) => Told::Int(digits),
            ("f", Told::Text(digits)) => Told::Float(digits),
            ("b", Told::Text(digits)) => Told::Bytes(bytes(&digits)),
            ("s", Told::List(items)) => Told::Set(items),
            ("o", Told::Text(name)) => Told::Other(name),
            ("m", Told::List(items)) => Told::Map(items.into_iter().filter_map(pair).collect()),
            _ => return Err("it can't be read".into()),
        })
    }

    fn text(&mut self) -> Result<String, String> {
        let mut units: Vec<u16> = Vec::new();
        loop {
            let each = match self.rest.next().ok_or("it can't be read")? {
                '"' => return String::from_utf16(&units).map_err(|_| "a text is no valid Unicode".into()),
                '\\' => match self.rest.next().unwrap_or('\0') {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'u' => {
                        let digits: String = self.rest.by_ref().take(4).collect();
                        units.push(u16::from_str_radix(&digits, 16).map_err(|_| "it can't be read")?);
                        continue;
                    }
                    other => other,
                },
                other => other,
            };
            units.extend(each.encode_utf16(&mut [0; 2]).iter());
        }
    }
}

fn bytes(digits: &str) -> Vec<u8> {
    let value = |digit: u8| (digit as char).to_digit(16).unwrap_or(0) as u8;
    digits.as_bytes().chunks_exact(2).map(|pair| value(pair[0]) << 4 | value(pair[1])).collect()
}

fn pair(told: Told) -> Option<(Told, Told)> {
    match told {
        Told::List(items) => {
            let mut each = items.into_iter();
            Some((each.next()?, each.next()?))
        }
        _ => None,
    }
}
