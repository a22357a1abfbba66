//! WGSL, parsed and validated, and the proof that its storage is touched by accessors only.

use super::DeviceError;
use naga::{
    AddressSpace, Expression, Function,
    valid::{Capabilities, ModuleInfo, ValidationFlags, Validator},
};

/// A kernel's text as naga understands it.
#[derive(Debug)]
pub struct Module {
    pub(super) naga: naga::Module,
    pub(super) info: ModuleInfo,
}

impl Module {
    /// Parses and validates `text`, and checks its accessors.
    ///
    /// # Errors
    ///
    /// [`DeviceError`]: no valid WGSL, or storage named outside its accessors.
    pub fn parse(text: &str) -> Result<Self, DeviceError> {
        let naga = naga::front::wgsl::parse_str(text)
            .map_err(|it| DeviceError::Text(it.emit_to_string(text)))?;
        let info = Validator::new(ValidationFlags::all(), Capabilities::empty())
            .validate(&naga)
            .map_err(|it| DeviceError::Text(it.emit_to_string(text)))?;
        check_accessors(&naga)?;
        Ok(Self { naga, info })
    }
}

/// No function but `ld_…` and `st_…` names a storage variable: what they count is all there is.
///
/// # Errors
///
/// [`DeviceError::Bypassed`] with the variable and the function.
pub fn check_accessors(module: &naga::Module) -> Result<(), DeviceError> {
    let named = module.functions.iter().map(|(_, it)| (it.name.as_deref().unwrap_or(""), it));
    let entries = module.entry_points.iter().map(|it| ("", &it.function));
    for (name, function) in named.chain(entries) {
        if name.starts_with("ld_") || name.starts_with("st_") {
            continue;
        }
        if let Some(variable) = storage_in(module, function) {
            let function = if name.is_empty() { "main" } else { name }.to_owned();
            return Err(DeviceError::Bypassed { variable, function });
        }
    }
    Ok(())
}

fn storage_in(module: &naga::Module, function: &Function) -> Option<String> {
    function.expressions.iter().find_map(|(_, it)| {
        let Expression::GlobalVariable(global) = it else { return None };
        let global = &module.global_variables[*global];
        let storage = matches!(global.space, AddressSpace::Storage { .. });
        storage.then(|| global.name.clone().unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KERNEL: &str = "\
@group(0) @binding(0) var<storage, read_write> a: array<f32>;
fn ld_a(i: i32) -> f32 { return a[i]; }
@compute @workgroup_size(1) fn main() { var x = ld_a(0); }
";

    #[test]
    fn storage_is_touched_by_accessors_only() {
        assert!(Module::parse(KERNEL).is_ok());
        let entry = KERNEL.replace("ld_a(0)", "a[0]");
        let bypassed = |variable: &str, function: &str| DeviceError::Bypassed {
            variable: variable.to_owned(),
            function: function.to_owned(),
        };
        assert_eq!(Module::parse(&entry).unwrap_err(), bypassed("a", "main"));
        let function = KERNEL.replace("ld_a", "of_a");
        assert_eq!(Module::parse(&function).unwrap_err(), bypassed("a", "of_a"));
        assert!(matches!(Module::parse("fn main( {"), Err(DeviceError::Text(_))));
    }
}
