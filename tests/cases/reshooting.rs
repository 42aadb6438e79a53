//! `--reshoot`: pictures made anew, judged by Pillow; and what is refused instead.

use std::path::{Path, PathBuf};

use crate::harness::{
    Outcome, Run, deponent, desk, fixture, fixtures, folder, name_of, names, organisation, peer_path,
};

/// Cleans these files into `out`.
fn check(out: &Path, reshoot: &str, files: &[PathBuf]) -> Outcome {
    deponent().args(["clean", reshoot, "-o"]).arg(out).args(files).run()
}

fn judge(script: &str) -> Run {
    let python = peer_path("python/bin/python");
    crate::harness::tool(python.to_str().unwrap()).args(["-c", script])
}

/// Every fixture that is one still picture.
fn pictures() -> Vec<PathBuf> {
    let is_picture = |path: &PathBuf| {
        let extension = path.extension().unwrap().to_str().unwrap();
        matches!(extension, "jpg" | "png") && !name_of(path).starts_with("animated")
    };
    fixtures("dirty").into_iter().filter(is_picture).collect()
}

#[test]
fn every_picture_made_anew_has_the_same_tables_and_sampling_and_nothing_else() {
    let dir = folder();
    let out = dir.path().join("out");
    let pictures = pictures();
    check(&out, "--reshoot=320", &pictures).exits(0);
    let made = names(&out);
    assert_eq!(made.len(), pictures.len());
    assert!(made.len() >= 30 && made.iter().all(|name| name.ends_with(".jpg")), "{made:?}");
    let told = judge(TABLES).args(made.iter().map(|name| out.join(name))).run().exits(0).text();
    let lines: std::collections::BTreeSet<&str> = told.lines().collect();
    assert_eq!(
        lines.into_iter().collect::<Vec<_>>(),
        ["L 75 True ['jfif'] []", "RGB 75 True ['jfif'] [(2, 2), (1, 1), (1, 1)]"]
    );
}

/// Mode, quality by which Pillow writes the same tables, baseline or not, segments, sampling.
const TABLES: &str = "
import io, sys
from PIL import Image
for path in sys.argv[1:]:
    with Image.open(path) as image:
        image.load()
        buffer = io.BytesIO()
        Image.new(image.mode, (8, 8)).save(buffer, 'JPEG', quality=75)
        same = Image.open(buffer).quantization == image.quantization
        known = {'jfif', 'jfif_version', 'jfif_unit', 'jfif_density', 'dpi'}
        segments = sorted(set(image.info) - known) + (['jfif'] if 'jfif' in image.info else [])
        sampling = [layer[1:3] for layer in image.layer] if image.mode == 'RGB' else []
        print(image.mode, 75 if same else '?', not image.info.get('progressive'), segments, sampling)
";

#[test]
fn a_picture_made_anew_looks_like_the_one_it_was_to_pillow() {
    let dir = folder();
    for (name, side, size) in [
        ("IMG_20260914_183042.jpg", 640, "(640, 480)"),
        // Turned by 6, so that the copy stands upright.
        ("PXL_20260321_061512345.MP.jpg", 640, "(480, 640)"),
        ("PXL_20260321_061512345.MP.jpg", 1000, "(720, 960)"),
        ("progressive.jpg", 2048, "(320, 240)"),
        ("scans.jpg", 320, "(320, 240)"),
        ("cmyk.jpg", 320, "(160, 120)"),
        ("rotated.png", 320, "(30, 40)"),
        ("grey-alpha.png", 320, "(64, 48)"),
        ("gaps.jpg", 8192, "(160, 120)"),
    ] {
        let out = dir.path().join(format!("{name}-{side}"));
        check(&out, &format!("--reshoot={side}"), &[fixture(&format!("dirty/{name}"))]).exits(0);
        let told = judge(ALIKE).arg(fixture(&format!("clean/{name}"))).arg(out.join("01.jpg")).run().exits(0).text();
        let (found, decibels) = told.trim().split_once(' ').map(|(decibels, found)| (found, decibels)).unwrap();
        assert_eq!(found, size, "{name}");
        assert!(decibels.parse::<f64>().unwrap() >= 36.0, "{name}: {told}");
    }
}

/// How near the second is to the first as Pillow turns, converts and shrinks that, in decibels; its size.
const ALIKE: &str = "
import io, math, sys
from PIL import Image, ImageCms, ImageOps
before, after = Image.open(sys.argv[1]), Image.open(sys.argv[2]).convert('RGB')
profile = before.info.get('icc_profile')
before = ImageOps.exif_transpose(before)
if 'A' in before.mode:
    before = before.convert('RGBA')
    paper = Image.new('RGBA', before.size, (255, 255, 255, 255))
    paper.alpha_composite(before)
    before = paper
before = before.convert('RGB')
if profile:
    before = ImageCms.profileToProfile(before, ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                                       ImageCms.createProfile('sRGB'), renderingIntent=1)
before = before.resize(after.size, Image.BOX)
error = sum((x - y) ** 2 for x, y in zip(before.tobytes(), after.tobytes())) / len(after.tobytes())
print(round(10 * math.log10(255 * 255 / max(error, 0.01)), 1), after.size)
";

#[test]
fn the_same_picture_gives_the_same_bytes_and_cleaning_leaves_them() {
    let dir = folder();
    let photo = [fixture("dirty/IMG_20260914_183042.jpg")];
    let [a, b, again] = ["a", "b", "again"].map(|name| dir.path().join(name));
    check(&a, "--reshoot", &photo).exits(0);
    check(&b, "--reshoot=2048", &photo).exits(0);
    let made = std::fs::read(a.join("01.jpg")).unwrap();
    assert!(made == std::fs::read(b.join("01.jpg")).unwrap());
    let listing = deponent().args(["clean", "--json", "-o"]).arg(&again).arg(a.join("01.jpg")).run().exits(0).json();
    assert_eq!(listing["files"][0]["findings"].as_array().unwrap().len(), 0);
    assert!(made == std::fs::read(again.join("01.jpg")).unwrap());
}

#[test]
fn what_remains_is_said_and_what_was_there_is_still_told() {
    let dir = folder();
    let photo = fixture("dirty/Screenshot_20260914-183501.png");
    let listing = deponent().args(["clean", "--json", "--reshoot", "-o"]).arg(dir.path().join("out")).arg(photo).run();
    let listing = listing.exits(0).json();
    let file = &listing["files"][0];
    assert_eq!(file["media_type"], "image/png");
    assert!(file["output"].as_str().unwrap().ends_with("01.jpg"));
    let findings = file["findings"].as_array().unwrap();
    let remaining: Vec<_> = findings.iter().filter(|finding| finding["remains"] == true).collect();
    let anew = remaining.iter().find(|finding| finding["where"] == "picture made anew").unwrap();
    assert_eq!(anew["category"], "device");
    assert!(anew["value"].as_str().unwrap().contains("not removed"));
    assert!(findings.len() > 3);
    // Its name ended in what it was.
    assert!(findings.iter().all(|finding| finding["where"] != "file name"), "{findings:?}");
}

#[test]
fn other_files_are_cleaned_as_ever() {
    let dir = folder();
    let [plain, anew] = ["plain", "anew"].map(|name| dir.path().join(name));
    let text = fixture("dirty/persian.txt");
    deponent().args(["clean", "-o"]).arg(&plain).arg(&text).run().exits(0);
    check(&anew, "--reshoot", &[text]).exits(0);
    assert!(std::fs::read(plain.join("01.txt")).unwrap() == std::fs::read(anew.join("01.txt")).unwrap());
}

#[test]
fn what_moves_is_refused_and_nothing_is_left() {
    let dir = folder();
    let out = dir.path().join("out");
    let moving = fixture("dirty/animated.png");
    check(&out, "--reshoot", std::slice::from_ref(&moving))
        .exits(3)
        .says("cannot be made anew: animation")
        .says("hint: ");
    assert!(names(&out).is_empty());
    check(&out, "--reshoot", &[fixture("corrupt/cut-in-scan.jpg")]).exits(3).says("cannot be cleaned: truncated");
    let (_, recipient) = organisation(dir.path());
    let sealed = dir.path().join("sealed.age");
    let seal = deponent().args(["seal", "--reshoot", "-r", &recipient, "-o"]).arg(&sealed).arg(moving);
    seal.run().exits(3).says("nothing was sealed");
    assert!(!sealed.exists());
}

#[test]
fn a_size_out_of_bounds_is_a_mistake_in_the_command() {
    let dir = folder();
    for wrong in ["--reshoot=319", "--reshoot=8193", "--reshoot=", "--reshoot=big", "--reshoot=-1"] {
        check(&dir.path().join("out"), wrong, &[fixture("dirty/rgb.jpg")]).exits(2);
    }
    assert_eq!(names(dir.path()).len(), 0);
}

#[test]
fn pictures_made_anew_are_sealed_and_opened_again() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    let (sealed, out) = (dir.path().join("sealed.age"), dir.path().join("out"));
    let files = [fixture("dirty/IMG_20260914_183042.jpg"), fixture("dirty/palette.png")];
    check(&out, "--reshoot=400", &files).exits(0);
    let seal = deponent().args(["seal", "--reshoot=400", "-r", &recipient, "-o"]).arg(&sealed).args(&files);
    seal.run().exits(0).says("not removed");
    let cases = dir.path().join("cases");
    desk().args(["open", "-i"]).arg(&identity).arg("-o").arg(&cases).arg(&sealed).run().exits(0);
    let case =
        cases.join(names(&cases).into_iter().find(|name| cases.join(name).is_dir() && !name.starts_with('.')).unwrap());
    let mut met = 0;
    let mut folders = vec![case];
    while let Some(folder) = folders.pop() {
        for name in names(&folder) {
            let path = folder.join(&name);
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".jpg") {
                met += 1;
                let twin = names(&out).into_iter().map(|name| out.join(name));
                let bytes = std::fs::read(&path).unwrap();
                assert!(twin.into_iter().any(|twin| std::fs::read(twin).unwrap() == bytes), "{name}");
            } else if name == "manifest.json" {
                let manifest = std::fs::read_to_string(&path).unwrap();
                assert!(manifest.contains("image/jpeg") && !manifest.contains("image/png"), "{manifest}");
            }
        }
    }
    assert_eq!(met, 2);
}
