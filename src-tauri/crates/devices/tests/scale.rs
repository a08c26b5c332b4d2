//! Scales, played by their twins in every language.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::{Duration, Instant};

use countertop_devices::{
    DeviceErrorKind, Scale, ScaleAt, ScaleError, ScaleLanguage, ScalePatience, ScaleTwin,
};

/// Short waits for what never comes, long ones for what does.
fn patience() -> ScalePatience {
    ScalePatience {
        open: Duration::from_secs(5),
        answer: Duration::from_secs(5),
        rest: Duration::from_millis(200),
        pause: Duration::from_millis(10),
    }
}

fn scale(test: &str, language: ScaleLanguage) -> (ScaleTwin, ScaleAt) {
    let name = format!("{test}-{}", language.name());
    let twin = ScaleTwin::plug(&name, language).unwrap();
    let address = format!("twin:{name}").parse().unwrap();
    (twin, ScaleAt::new(address, language).patient(patience()))
}

#[test]
fn a_weight_that_stands_still_is_read_to_the_gram() {
    for language in ScaleLanguage::ALL {
        let (twin, mut scale) = scale("still", language);
        for grams in [1, 5, 642, 1253, 14_999] {
            twin.change(|on| on.grams = grams);
            let reading = scale.weigh().unwrap();
            assert_eq!(reading.weight.thousandths(), grams, "{language:?}");
            assert!(!reading.pounds && !reading.net);
        }
    }
}

#[test]
fn a_scale_without_a_good_weight_says_why() {
    for language in ScaleLanguage::ALL {
        let (twin, mut scale) = scale("why", language);
        assert_eq!(scale.weigh(), Err(ScaleError::Empty), "{language:?}");
        twin.change(|on| on.grams = 15_001);
        assert_eq!(scale.weigh(), Err(ScaleError::TooHeavy), "{language:?}");
        twin.change(|on| on.grams = -20);
        assert_eq!(scale.weigh(), Err(ScaleError::BelowZero), "{language:?}");
        twin.change(|on| (on.grams, on.moving) = (800, true));
        assert_eq!(scale.weigh(), Err(ScaleError::Moving), "{language:?}");
        twin.change(|on| on.moving = false);
        assert_eq!(scale.weigh().unwrap().weight.thousandths(), 800, "{language:?}");
    }
}

#[test]
fn goods_that_come_to_rest_in_time_are_weighed() {
    let (twin, scale) = scale("rest", ScaleLanguage::Sma);
    let mut scale = scale.patient(ScalePatience { rest: Duration::from_secs(20), ..patience() });
    twin.change(|on| (on.grams, on.moving) = (310, true));
    let weighing = std::thread::spawn(move || scale.weigh());
    twin.change(|on| on.moving = false);
    assert_eq!(weighing.join().unwrap().unwrap().weight.thousandths(), 310);
}

#[test]
fn pounds_are_kilograms_to_the_gram() {
    for language in ScaleLanguage::ALL {
        let (twin, mut scale) = scale("pounds", language);
        twin.change(|on| (on.grams, on.pounds) = (1134, true));
        let reading = scale.weigh().unwrap();
        assert!(reading.pounds, "{language:?}");
        assert_eq!(reading.weight.thousandths(), 2500, "{language:?}");
        assert_eq!(reading.kilograms().thousandths(), 1134, "{language:?}");
    }
}

#[test]
fn a_tare_is_taken_off_where_the_scale_takes_it_from_the_register() {
    let (twin, mut sma) = scale("tare", ScaleLanguage::Sma);
    twin.change(|on| on.grams = 30);
    sma.tare().unwrap();
    twin.change(|on| on.grams = 530);
    let reading = sma.weigh().unwrap();
    assert_eq!((reading.weight.thousandths(), reading.net), (500, true));
    // Nobody zeroes half a kilogram away.
    assert_eq!(sma.zero(), Err(ScaleError::Refused));
    twin.change(|on| (on.grams, on.tare) = (7, 0));
    sma.zero().unwrap();
    assert_eq!(sma.weigh(), Err(ScaleError::Empty));
    for language in [ScaleLanguage::Toledo8217, ScaleLanguage::Cas] {
        let (_twin, mut scale) = scale("tare", language);
        assert_eq!(scale.tare(), Err(ScaleError::KeyOnly), "{language:?}");
        assert_eq!(scale.zero(), Err(ScaleError::KeyOnly), "{language:?}");
    }
}

#[test]
fn a_scale_that_was_unplugged_is_there_again_with_the_next_question() {
    let (twin, mut scale) = scale("replug", ScaleLanguage::Toledo8217);
    twin.change(|on| on.grams = 100);
    assert!(scale.weigh().is_ok());
    drop(twin);
    let Err(ScaleError::Device(gone)) = scale.weigh() else { panic!("nothing is there") };
    assert_eq!(gone.kind(), DeviceErrorKind::NotFound);
    assert!(gone.to_string().starts_with("The scale at "), "{gone}");
    let twin = ScaleTwin::plug("replug-toledo8217", ScaleLanguage::Toledo8217).unwrap();
    twin.change(|on| on.grams = 200);
    assert_eq!(scale.weigh().unwrap().weight.thousandths(), 200);
}

#[test]
fn a_scale_of_another_language_gives_no_weight_and_holds_nobody_up() {
    for theirs in ScaleLanguage::ALL {
        for ours in ScaleLanguage::ALL.into_iter().filter(|ours| *ours != theirs) {
            let name = format!("babel-{}-{}", theirs.name(), ours.name());
            let twin = ScaleTwin::plug(&name, theirs).unwrap();
            twin.change(|on| on.grams = 1253);
            let address = format!("twin:{name}").parse().unwrap();
            let short = ScalePatience { answer: Duration::from_millis(100), ..patience() };
            let begun = Instant::now();
            let weighed = ScaleAt::new(address, ours).patient(short).weigh();
            assert!(begun.elapsed() < Duration::from_secs(4), "{ours:?} of {theirs:?}");
            assert!(
                matches!(
                    weighed,
                    Err(ScaleError::Silent | ScaleError::Unreadable(_) | ScaleError::Refused)
                ),
                "{ours:?} of {theirs:?}: {weighed:?}"
            );
        }
    }
}
