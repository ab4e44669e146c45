//! Egress, gates, weights, ranking, the decision and what it brings.

use super::*;

#[test]
fn the_sample_is_ranked_to_the_hundredth_and_c_is_not() {
    with_venues(async |house| {
        let seat = leader(&house).await;
        let ranking = get(&house, &seat, "/venue-ranking").await;
        assert_eq!(ranking.status, 200, "{}", ranking.text);
        let ranking = ranking.json();
        let picture = &ranking["picture"];
        assert_eq!(picture["need"], 735);
        for (code, total, place, gate, safe) in [
            ("A", json!("8.36"), json!(1), "dat", json!(900)),
            ("B", json!("7.47"), json!(2), "dat_co_dieu_kien", json!(1150)),
            ("C", json!("6.24"), Value::Null, "khong_dat", json!(360)),
            ("D", Value::Null, Value::Null, "chua_co", Value::Null),
        ] {
            let entry = entry(&ranking, code);
            assert_eq!(entry["standing"]["total"], total, "{code}");
            assert_eq!(entry["standing"]["place"], place, "{code}");
            assert_eq!(entry["standing"]["gate"], gate, "{code}");
            assert_eq!(entry["screening"]["safe"], safe, "{code}");
        }
        let firm = &picture["sensitivity"];
        assert_eq!((firm["cases"].as_array().unwrap().len(), firm["steady"].as_u64()), (22, Some(22)));
        let equal: Vec<f64> = firm["equal"]
            .as_array()
            .unwrap()
            .iter()
            .map(|total| total.as_str().unwrap().parse().unwrap())
            .collect();
        assert!((equal[0] - 90.0 / 11.0).abs() < 1e-6 && (equal[1] - 83.0 / 11.0).abs() < 1e-6, "{equal:?}");
        assert_eq!(firm["duels"][0]["joint"], "3.542857");
        let why = ranking["not_ranked"]["C"].as_array().unwrap();
        assert!(why[0].as_str().unwrap().contains("K1"), "{why:?}");
        // By the compared groups the order is the same, and the ranking says by which version.
        let compared = get(&house, &seat, "/venue-ranking?criteria=1").await.json();
        assert_eq!(compared["picture"]["criteria"]["no"], 1);
        assert_eq!(entry(&compared, "A")["standing"]["place"], 1);
        let comparison = get(&house, &seat, "/venue-comparison?n=5&answers=2,1,2,2,2,3,3,4,4,5").await.json();
        assert_eq!(format!("{:.3}", comparison["result"]["cr"].as_f64().unwrap()), "0.010");
        assert_eq!(comparison["consistent"], true);
        let shares: Vec<String> = comparison["weights"]
            .as_array()
            .unwrap()
            .iter()
            .map(|weight| format!("{:.3}", weight.as_f64().unwrap()))
            .collect();
        assert_eq!(shares, ["0.396", "0.237", "0.204", "0.100", "0.063"]);
    });
}

#[test]
fn egress_shows_its_working_and_says_what_is_missing() {
    with_venues(async |house| {
        let seat = keeper(&house).await;
        let (a, d) = (id(&house, "A").await, id(&house, "D").await);
        let shown = get(&house, &seat, &format!("/venues/{a}/egress")).await.json();
        let lines: Vec<&str> = shown[0]["working"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["text"].as_str().unwrap())
            .collect();
        assert!(lines.contains(&"Tổng bề rộng thông thủy 6 lối: 6 × 1,8 = 10,8 m"), "{lines:?}");
        assert!(lines.contains(&"Sức thoát: 9 m × 100 người/m = 900 người"), "{lines:?}");
        assert!(lines.contains(&"900 người ≥ 735 người cần chỗ: đủ"), "{lines:?}");
        assert_eq!(shown[0]["working"][2]["clause"], "QCVN 06:2022/BXD, G.2.1.4 và Bảng G.5");
        assert!(shown[0]["disclaimer"].as_str().unwrap().contains("không thay thế"));
        // No exit: no number, and a sentence that says what to do.
        let none = get(&house, &seat, &format!("/venues/{d}/egress")).await.json();
        assert_eq!(none[0]["screening"]["egress"], Value::Null);
        assert_eq!(none[0]["screening"]["verdict"], "unknown");
        assert!(none[0]["findings"].to_string().contains("Chưa ghi lối ra nào"), "{none}");
        // One exit: with the widest taken away nobody gets out.
        let hall = get(&house, &seat, &format!("/venues/{d}")).await.json()["spaces"][0].clone();
        let mut fields = hall.clone();
        for name in ["id", "venue", "version"] {
            fields.as_object_mut().unwrap().remove(name);
        }
        fields["exits"] = json!([{"name": "Cửa 1", "clear_width_mm": 3000, "clear_height_mm": 2200}]);
        let path = format!("/venue-spaces/{}", hall["id"].as_str().unwrap());
        let edit = json!({"version": hall["version"], "fields": fields});
        let edited = put(&house, &seat, &path, &edit).await;
        assert_eq!(edited.status, 204, "{}", edited.text);
        let one = get(&house, &seat, &format!("/venues/{d}/egress")).await.json();
        assert_eq!(
            (&one[0]["screening"]["egress"], &one[0]["screening"]["verdict"]),
            (&json!(0), &json!("not_enough"))
        );
        // The version that was read is gone.
        assert_eq!(put(&house, &seat, &path, &edit).await.status, 409);
        fields["seats"] = json!(4_000_000);
        let far = json!({"version": 99, "fields": fields});
        assert!(matches!(put(&house, &seat, &path, &far).await.status, 409 | 422));
    });
}

#[test]
fn a_gate_is_judged_on_evidence_and_a_failed_one_ends_it() {
    with_venues(async |house| {
        let seat = keeper(&house).await;
        let d = id(&house, "D").await;
        let gate = |code: &str| format!("/venues/{d}/gates/{code}");
        for (code, body, status, slug) in [
            ("K1", json!({"result": "dat", "evidence": "đo"}), 409, "gate-computed"),
            ("K2", json!({"result": "dat"}), 422, "evidence-needed"),
            ("K2", json!({"result": "dat_co_dieu_kien", "evidence": "BB 12"}), 422, "condition-needed"),
            ("T1", json!({"result": "dat", "evidence": "BB 12"}), 422, "unknown-criterion"),
            ("K2", json!({"result": "tot", "evidence": "BB 12"}), 422, ""),
        ] {
            let refused = put(&house, &seat, &gate(code), &body).await;
            assert_eq!(refused.status, status, "{code}: {}", refused.text);
            assert!(refused.text.contains(slug), "{}", refused.text);
        }
        // Nothing is concluded while a gate is open.
        let early = step(&house, &seat, &d, "conclude", "").await;
        assert_eq!(early.status, 409, "{}", early.text);
        assert!(early.text.contains("chưa có căn cứ"), "{}", early.text);
        let failed = json!({"result": "khong_dat", "evidence": "BB 12: còn 2 tồn tại"});
        assert_eq!(put(&house, &seat, &gate("K2"), &failed).await.status, 204);
        assert_eq!(step(&house, &seat, &d, "conclude", "").await.json()["state"], "khong_dat_dieu_kien");
        assert_eq!(step(&house, &seat, &d, "score", "").await.status, 409);
        let late = put(&house, &seat, &gate("K2"), &failed).await;
        assert_eq!((late.status, late.text.contains("gates-concluded")), (409, true), "{}", late.text);
        // A failed gate keeps C from being recommended, with the reason.
        let c = id(&house, "C").await;
        let refused =
            post(&house, &seat, "/venue-recommendations", &json!({"venue": c, "reason": "thử"})).await;
        assert_eq!((refused.status, refused.text.contains("not-ranked")), (422, true), "{}", refused.text);
        assert!(refused.text.contains("không đạt điều kiện K1"), "{}", refused.text);
        // Steps that belong to something else are not taken by themselves.
        let a = id(&house, "A").await;
        let plain = step(&house, &seat, &a, "choose", "").await;
        assert_eq!((plain.status, plain.text.contains("not-plain")), (409, true), "{}", plain.text);
        assert_eq!(step(&house, &seat, &d, "resurvey", "").await.status, 422);
        assert_eq!(step(&house, &seat, &d, "resurvey", "đã khắc phục").await.json()["state"], "khao_sat");
    });
}

#[test]
fn weights_of_nothing_and_answers_that_contradict_are_refused_with_a_sentence() {
    with_venues(async |house| {
        let seat = keeper(&house).await;
        let newest = get(&house, &seat, "/venue-criteria/2").await.json();
        let with = |change: &dyn Fn(&mut Value)| {
            let mut criteria = newest["criteria"].clone();
            criteria.as_array_mut().unwrap().iter_mut().for_each(change);
            json!({"after": 2, "reason": "thử", "criteria": criteria})
        };
        let zero = post(&house, &seat, "/venue-criteria", &with(&|one| one["weight"] = json!(0))).await;
        assert_eq!(zero.status, 422);
        assert!(zero.text.contains("Mọi trọng số đều bằng 0"), "{}", zero.text);
        let short = with(&|one| {
            if one["code"] == "T1" {
                one["weight"] = json!(1_400);
            }
        });
        let short = post(&house, &seat, "/venue-criteria", &short).await;
        assert!(short.status == 422 && short.text.contains("99,00%"), "{}", short.text);
        // Five groups, one answer turned round: the pair is named with what would fit.
        let groups = json!(["An toàn", "An ninh", "Công năng", "Hậu cần – tiếp cận", "Chi phí"]);
        let mut compared = with(&|_| {});
        compared["comparison"] = json!({"groups": groups, "answers": [2, 1, 2, 2, 2, -7, 3, 4, 4, 5]});
        let refused = post(&house, &seat, "/venue-criteria", &compared).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("cặp “An ninh” và “Hậu cần – tiếp cận”"), "{}", refused.text);
        assert!(refused.text.contains("hợp với các cặp khác là"), "{}", refused.text);
        compared["comparison"]["answers"] = json!([2, 1, 2]);
        let few = post(&house, &seat, "/venue-criteria", &compared).await;
        assert!(few.status == 422 && few.text.contains("3/10"), "{}", few.text);
        compared["comparison"]["answers"] = json!([2, 1, 2, 2, 2, 3, 3, 4, 4, 5]);
        let made = post(&house, &seat, "/venue-criteria", &compared).await;
        assert_eq!((made.status, made.json()["no"].as_u64()), (201, Some(3)), "{}", made.text);
        let kept = get(&house, &seat, "/venue-criteria/3").await.json();
        let sum: u64 =
            kept["criteria"].as_array().unwrap().iter().filter_map(|one| one["weight"].as_u64()).sum();
        assert_eq!((sum, kept["method"].as_str()), (10_000, Some("ahp")));
        // Whoever still looks at version 2 is told that there is a third.
        assert_eq!(post(&house, &seat, "/venue-criteria", &with(&|_| {})).await.status, 409);
        for (query, status) in [
            ("n=3&answers=5,5,-9", 200),
            ("n=3&answers=5,,", 200),
            ("n=3&answers=5,5", 422),
            ("n=3&answers=5,5,0", 422),
            ("n=11&answers=1", 422),
            ("n=1&answers=", 200),
        ] {
            let answer = get(&house, &seat, &format!("/venue-comparison?{query}")).await;
            assert_eq!(answer.status, status, "{query}: {}", answer.text);
        }
        let bad = get(&house, &seat, "/venue-comparison?n=3&answers=5,5,-9").await.json();
        assert_eq!(bad["consistent"], false);
        assert!(bad["problem"].as_str().unwrap().contains("“1” và “3”"), "{bad}");
    });
}

#[test]
fn a_weight_changed_after_rating_makes_a_version_and_what_is_signed_keeps_its_own() {
    with_venues(async |house| {
        let (seat, decider) = (keeper(&house).await, leader(&house).await);
        let a = id(&house, "A").await;
        let body = json!({"venue": a, "reason": "Đạt mọi điều kiện, điểm cao nhất"});
        let made = post(&house, &seat, "/venue-recommendations", &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let path = format!("/venue-recommendations/{}", made.json()["id"].as_str().unwrap());
        let frozen = get(&house, &decider, &path).await.json();

        // All weight on T10, where A is far ahead anyway, and none on what B is good at.
        let mut criteria = get(&house, &seat, "/venue-criteria/2").await.json()["criteria"].clone();
        for one in criteria.as_array_mut().unwrap() {
            one["weight"] = json!(if one["code"] == "T10" { 10_000 } else { 0 });
        }
        let new = json!({"after": 2, "reason": "thử trọng số khác", "criteria": criteria});
        assert_eq!(post(&house, &seat, "/venue-criteria", &new).await.status, 201);
        let now = get(&house, &decider, "/venue-ranking").await.json();
        assert_eq!(now["picture"]["criteria"]["no"], 3);
        assert_eq!(entry(&now, "A")["standing"]["total"], "9");
        let before = get(&house, &decider, "/venue-ranking?criteria=2").await.json();
        assert_eq!(entry(&before, "A")["standing"]["total"], "8.36");
        let kept = get(&house, &decider, &path).await.json();
        assert_eq!(kept, frozen);
        assert_eq!(kept["content"]["criteria"], 2);
        let total = kept["content"]["venues"].as_array().unwrap()[0]["total"].clone();
        assert_eq!(total, "8.36");
    });
}

#[test]
fn a_decision_is_signed_once_enters_the_register_and_brings_tasks() {
    with_venues(async |house| {
        let (seat, decider) = (keeper(&house).await, leader(&house).await);
        let (a, b) = (id(&house, "A").await, id(&house, "B").await);
        let body = json!({"venue": a, "reason": "Điểm cao nhất"});
        let made = post(&house, &seat, "/venue-recommendations", &body).await.json();
        let path = format!("/venue-recommendations/{}", made["id"].as_str().unwrap());
        assert_eq!(post(&house, &seat, "/venue-recommendations", &body).await.status, 409);
        // While it waits, nothing of it changes.
        let edit =
            json!({"version": version(&house, &seat, &a).await, "fields": {"code": "A", "name": "Khác"}});
        assert_eq!(put(&house, &seat, &format!("/venues/{a}"), &edit).await.status, 409);

        // Sent back, scored again, recommended again.
        assert_eq!(
            post(&house, &decider, &format!("{path}/return"), &json!({"reason": ""})).await.status,
            422
        );
        let back = json!({"reason": "Bổ sung phương án màn hình"});
        assert_eq!(post(&house, &seat, &format!("{path}/return"), &back).await.status, 403);
        assert_eq!(post(&house, &decider, &format!("{path}/return"), &back).await.status, 204);
        let made = post(&house, &seat, "/venue-recommendations", &body).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let path = format!("/venue-recommendations/{}", made.json()["id"].as_str().unwrap());
        let shown = get(&house, &decider, &path).await.json()["recommendation"].clone();

        let plan =
            house.read(|tx| Ok::<_, VenueError>(tasks::store::plans(tx)?[0].id)).await.unwrap().to_string();
        let work = |code: &str, what: &str| json!({"plan": plan, "fields": {"code": code, "what": what}});
        let mut sign = json!({
            "venue": a, "sha256": "0000", "number": "12-TB/TU", "issued_on": "2025-09-26",
            "points": ["Mượn hoặc thuê hai màn hình bên."],
            "works": [work("DD-91", "Mượn hai màn hình bên"), work("DD-92", "Kiểm tra lại lối thoát")]
        });
        let sign_path = format!("{path}/signature");
        let other = post(&house, &decider, &sign_path, &sign).await;
        assert_eq!((other.status, other.text.contains("content-changed")), (409, true), "{}", other.text);
        sign["sha256"] = shown["sha256"].clone();
        // Another than recommended needs a reason; one that is not ranked cannot be chosen.
        let mut choice = sign.clone();
        choice["venue"] = json!(b);
        assert_eq!(post(&house, &decider, &sign_path, &choice).await.status, 422);
        choice["venue"] = json!(id(&house, "C").await);
        choice["reason"] = json!("thử");
        let unranked = post(&house, &decider, &sign_path, &choice).await;
        assert_eq!((unranked.status, unranked.text.contains("not-ranked")), (422, true), "{}", unranked.text);
        assert_eq!(post(&house, &seat, &sign_path, &sign).await.status, 403);
        // A task that cannot be written down undoes the whole signature.
        let mut taken = sign.clone();
        taken["works"] = json!([work("DB-01", "Trùng mã")]);
        assert_eq!(post(&house, &decider, &sign_path, &taken).await.status, 422);
        assert!(get(&house, &decider, &path).await.json()["recommendation"]["decision"].is_null());

        let signed = post(&house, &decider, &sign_path, &sign).await;
        assert_eq!(signed.status, 201, "{}", signed.text);
        let signed = signed.json();
        assert_eq!(signed["tasks"].as_array().unwrap().len(), 2);
        let again = post(&house, &decider, &sign_path, &sign).await;
        assert_eq!((again.status, again.text.contains("already-signed")), (409, true), "{}", again.text);
        assert_eq!(get(&house, &seat, &format!("/venues/{a}")).await.json()["venue"]["state"], "chon");
        assert_eq!(get(&house, &seat, &format!("/venues/{b}")).await.json()["venue"]["state"], "khong_chon");

        // Both ways: from the decision to its tasks, from a task to its decision.
        let register: decisions::model::DecisionId =
            signed["decision"]["register"].as_str().unwrap().parse().unwrap();
        let (entry, points, codes) = house
            .read(move |tx| {
                let entry = decisions::query::decision(tx, register).unwrap();
                let parts = decisions::query::parts(tx, register).unwrap();
                let codes = decisions::query::task_codes(tx, &entry).unwrap();
                Ok::<_, VenueError>((entry, parts.points, codes))
            })
            .await
            .unwrap();
        assert_eq!((entry.number.as_deref(), entry.kind.as_str()), (Some("12-TB/TU"), "thong_bao"));
        assert_eq!(points.len(), 2);
        assert_eq!(codes, ["DD-91", "DD-92"]);

        // Taking over is proven by photographs of before, giving back by those of after.
        let over = json!({
            "kind": "ban_giao", "on_day": "2025-10-08", "other_party": "Học viện Cán bộ",
            "condition": "Sàn và ghế còn tốt"
        });
        let handovers = format!("/venues/{a}/handovers");
        let bare = post(&house, &seat, &handovers, &over).await;
        assert_eq!((bare.status, bare.text.contains("photos-needed")), (422, true), "{}", bare.text);
        let photos = format!("/venues/{a}/photos");
        let shot = upload(&house, &seat, &photos, &[("kind", "truoc"), ("caption", "Sàn")], &photo()).await;
        assert_eq!(shot.status, 201, "{}", shot.text);
        assert_eq!(post(&house, &seat, &handovers, &over).await.status, 201);
        let kept = get(&house, &seat, &handovers).await.json()[0].clone();
        let sha256 = get(&house, &seat, &photos).await.json()[0]["sha256"].clone();
        assert!(kept["content"].as_str().unwrap().contains(sha256.as_str().unwrap()));
        // A photograph that a hand-over stands on stays.
        let kept = format!("/api/v1/venue-photos/{}", shot.json()["id"].as_str().unwrap());
        let gone = house.call(&routes(), seat.json(Method::DELETE, &kept, &Value::Null)).await;
        assert_eq!(gone.status, 409, "{}", gone.text);
        let mut back = over.clone();
        back["kind"] = json!("hoan_tra");
        assert_eq!(post(&house, &seat, &handovers, &back).await.status, 422);
        upload(&house, &seat, &photos, &[("kind", "sau")], &photo()).await;
        assert_eq!(post(&house, &seat, &handovers, &back).await.status, 201);
        assert_eq!(get(&house, &seat, &format!("/venues/{a}")).await.json()["venue"]["state"], "hoan_tra");
        assert_eq!(post(&house, &seat, &handovers, &back).await.status, 409);
    });
}
