//! For whom and where nothing is (无人适用的范围): schemes, populations, places, pools, channels and providers that exclude each
//! other or the business; codes that are no codes; people about whom no rule speaks.

use super::Checker;
use super::scopes::{Scoped, scoped};
use yibao_domain::code::Pool;
use yibao_domain::outage::{
    Business, Channel, Insurance, InsuredIn, Pattern, PersonIn, Place, Population, ProviderIn, Question, Scope,
};

/// Divisions of the provinces, by their first two digits (GB/T 2260).
const PROVINCES: &[u8] = &[
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82,
];

/// How many businesses a reminder names.
const NAMED: usize = 4;

impl Checker<'_> {
    pub(super) fn reach(&mut self) {
        let plan = self.plan;
        self.division(&format!("[plan] 的 pool“{}”", plan.pool), plan.pool.as_str(), plan.line);
        for Scoped { what, businesses, scope, line } in scoped(plan) {
            self.codes(&what, scope, line);
            if let Some(reason) = self.nobody(scope, businesses) {
                self.problem(line, format!("{what} 对谁都不适用：{reason}；请改正其中一项"));
            } else {
                self.nobody_in_part(&what, scope, line);
            }
        }
        for group in &plan.groups {
            let codes: Vec<&String> = group.codes().into_iter().flatten().collect();
            self.provider_codes(&format!("分组 {}", group.id), &codes, group.line);
        }
        for county in &plan.counties {
            self.division(&format!("[[county]] 的区划“{}”", county.code), &county.code, county.line);
        }
    }

    fn codes(&mut self, what: &str, scope: &Scope, line: u32) {
        self.provider_codes(what, &codes_of(&scope.providers), line);
        for pool in &scope.pools {
            if let InsuredIn::Pool(pool) = pool {
                self.division(&format!("{what}的 pools“{pool}”"), pool.as_str(), line);
            }
        }
    }

    fn provider_codes(&mut self, what: &str, codes: &[&String], line: u32) {
        let is_code = |code: &&&String| {
            let digits = code.strip_prefix(['H', 'P']).unwrap_or_default();
            digits.len() == 11 && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let bad: Vec<&str> = codes.iter().filter(|code| !is_code(code)).map(|code| code.as_str()).collect();
        if !bad.is_empty() {
            let wanted = "应为12位医药机构编号（H 或 P 后11位数字），如 H52050200001";
            self.problem(line, format!("{what}的 providers“{}”不是机构编号，{wanted}；请改正", bad.join("、")));
        }
    }

    fn division(&mut self, what: &str, code: &str, line: u32) {
        let province = code.get(..2).and_then(|digits| digits.parse::<u8>().ok());
        if !province.is_some_and(|province| PROVINCES.contains(&province)) {
            self.problem(line, format!("{what}不是行政区划代码：没有以它开头的省份；请改正"));
        }
    }

    /// Why nobody's business can fall under a scope.
    fn nobody(&self, scope: &Scope, businesses: &[Pattern]) -> Option<String> {
        let plan = self.plan;
        let may_be = |person: &PersonIn| match person {
            PersonIn::Population(population) => scope.schemes.iter().any(|scheme| population.is_of(*scheme)),
            PersonIn::Group(_) => true,
        };
        if !scope.schemes.is_empty() && !scope.populations.is_empty() && !scope.populations.iter().any(may_be) {
            let populations = names(&scope.populations, person_name);
            return Some(format!("险种为{}的没有{populations}人员", names(&scope.schemes, |scheme| scheme.name())));
        }
        let treated = |place: &Place| scope.pools.iter().any(|pool| may_be_treated(pool, *place, &plan.pool));
        if !scope.pools.is_empty() && !scope.places.is_empty() && !scope.places.iter().any(treated) {
            let pools = names(&scope.pools, |pool| match pool {
                InsuredIn::Pool(pool) => pool.as_str(),
                InsuredIn::Elsewhere => "外统筹区（elsewhere）",
            });
            let places = names(&scope.places, |place| place.name());
            return Some(format!("{pools}参保的人在本方案里不会在{places}就医"));
        }
        let mut channels = scope.channels.clone();
        let only_codes = scope.providers.iter().all(|one| matches!(one, ProviderIn::Code(_)));
        let named_codes: Vec<String> = codes_of(&scope.providers).into_iter().filter(|_| only_codes).cloned().collect();
        let mut providers = named_codes.clone();
        if !channels.is_empty() && providers.iter().all(|code| channel_of(code).is_some()) && !providers.is_empty() {
            providers.retain(|code| channel_of(code).is_some_and(|channel| channels.contains(&channel)));
            if providers.is_empty() {
                let channels = names(&channels, |channel| channel.name());
                return Some(format!("机构{}不经{channels}渠道办理", named_codes.join("、")));
            }
        }
        if channels.is_empty() && !providers.is_empty() {
            channels = providers.iter().filter_map(|code| channel_of(code)).collect();
        }
        // Of a group by contract alone there may be providers of any kind.
        let of_groups: Option<Vec<Vec<Channel>>> = scope.providers.iter().map(channels_of_provider).collect();
        if let Some(of_groups) = of_groups.filter(|_| channels.is_empty()) {
            channels = of_groups.concat();
        }
        let named: Vec<&Business> = businesses
            .iter()
            .filter_map(|pattern| match pattern {
                Pattern::Under(business) => Some(business),
                Pattern::All => None,
            })
            .collect();
        if named.is_empty() || named.len() < businesses.len() {
            return None;
        }
        let of_business = |business: &Business| {
            let name = format!("“{}”（{business}）", plan.name_of(business));
            let reaches = channels_of(business);
            if !channels.is_empty() && !reaches.is_empty() && !channels.iter().any(|one| comes_by(*one, reaches)) {
                return Some(match scope.channels.is_empty() {
                    true => format!("{name}不在{}办理", names(&scope.providers, ProviderIn::name)),
                    false => format!("{name}不经{}渠道办理", names(&scope.channels, |channel| channel.name())),
                });
            }
            let scheme = scheme_of(business)?;
            let fits = scope.schemes.is_empty() || scope.schemes.contains(&scheme);
            (!fits).then(|| format!("{name}与险种{}无关", names(&scope.schemes, |scheme| scheme.name())))
        };
        let reasons: Vec<Option<String>> = named.iter().map(|business| of_business(business)).collect();
        if reasons.iter().all(Option::is_some) { reasons.into_iter().flatten().next() } else { None }
    }

    /// Single values that can never hold beside the others.
    fn nobody_in_part(&mut self, what: &str, scope: &Scope, line: u32) {
        if scope.schemes.is_empty() {
            return;
        }
        let idle = scope.populations.iter().filter(|one| match one {
            PersonIn::Population(population) => !scope.schemes.iter().any(|scheme| population.is_of(*scheme)),
            PersonIn::Group(_) => false,
        });
        let idle: Vec<&str> = idle.map(person_name).collect();
        if !idle.is_empty() {
            let schemes = names(&scope.schemes, |scheme| scheme.name());
            self.warn(line, format!("{what}限{schemes}，其中没有{}人员；请把它从 populations 删去", idle.join("、")));
        }
    }

    /// Settlement and stays that are closed for some people and about which no rule speaks for others.
    pub(super) fn gaps_for_some(&mut self) {
        let plan = self.plan;
        let families = ["settlement", "encounter"].map(Business::named);
        let silent_ok = |business: &Business| plan.silent_ok.iter().any(|pattern| pattern.covers(business));
        let leaf = |business: &&Business| {
            !plan.names.keys().any(|other| other != *business && other.is_within(business))
                && families.iter().any(|family| business.is_within(family))
        };
        let mut gaps: Vec<(&'static str, Vec<&Business>)> = Vec::new();
        for business in plan.names.keys().filter(leaf).filter(|business| !silent_ok(business)) {
            let asked = people(business, &plan.pool);
            let open: Vec<&'static str> = asked
                .iter()
                .filter(|(_, question)| plan.governing(question).is_empty())
                .map(|(whom, _)| *whom)
                .collect();
            if open.is_empty() || open.len() == asked.len() {
                continue;
            }
            for whom in open {
                match gaps.iter_mut().find(|(other, _)| *other == whom) {
                    Some((_, businesses)) => businesses.push(business),
                    None => gaps.push((whom, vec![business])),
                }
            }
        }
        // Who lacks the same businesses is told in one sentence.
        let mut told: Vec<(Vec<&str>, Vec<&Business>)> = Vec::new();
        for (whom, businesses) in gaps {
            match told.iter_mut().find(|(_, other)| *other == businesses) {
                Some((people, _)) => people.push(whom),
                None => told.push((vec![whom], businesses)),
            }
        }
        for (people, businesses) in told {
            let whom = people.join("、");
            let named =
                businesses.iter().take(NAMED).map(|business| format!("{}（{business}）", plan.name_of(business)));
            let more = if businesses.len() > NAMED { format!("等{}项", businesses.len()) } else { String::new() };
            let named = named.collect::<Vec<_>>().join("、");
            let text = format!(
                "对{whom}没有规则提及：{named}{more}；停机期间他们照常结算。请补规则，确需开放的写进 [plan] 的 silent_ok"
            );
            self.warn(plan.line, text);
        }
    }
}

/// Whom a notice speaks of, each as somebody who asks about a business.
fn people(business: &Business, pool: &Pool) -> Vec<(&'static str, Question)> {
    let channel = channels_of(business).first().copied();
    let question = |scheme, populations: &[Population]| Question {
        insured_pool: Some(pool.clone()),
        care_pool: Some(pool.clone()),
        scheme: Some(scheme),
        populations: populations.to_vec(),
        channel,
        ..Question::about(business.clone())
    };
    let employee = question(Insurance::Employee, &[Population::Active]);
    let treated = |place| Question { care_pool: None, place: Some(place), ..employee.clone() };
    let elsewhere = Question { insured_pool: Some(Pool::new("999999")), ..employee.clone() };
    vec![
        ("职工医保在职人员", employee.clone()),
        ("职工医保退休人员", question(Insurance::Employee, &[Population::Retired])),
        ("居民医保成年人员", question(Insurance::Resident, &[Population::Adult])),
        ("居民医保学生儿童", question(Insurance::Resident, &[Population::StudentChild])),
        ("在省内异地就医的人员", treated(Place::InProvince)),
        ("在跨省异地就医的人员", treated(Place::Remote)),
        ("外统筹区参保人员", elsewhere),
    ]
}

/// Whether somebody insured there can be treated at such a place and concern the plan.
fn may_be_treated(insured: &InsuredIn, place: Place, own: &Pool) -> bool {
    match insured {
        InsuredIn::Pool(pool) if pool == own => true,
        InsuredIn::Pool(pool) => {
            let is_near = pool.as_str().get(..2) == own.as_str().get(..2);
            place == if is_near { Place::InProvince } else { Place::Remote }
        }
        InsuredIn::Elsewhere => place != Place::Local,
    }
}

/// The channel of a provider, by the first letter of its number.
fn channel_of(provider: &str) -> Option<Channel> {
    match provider.as_bytes().first() {
        Some(b'H') => Some(Channel::Hospital),
        Some(b'P') => Some(Channel::Pharmacy),
        _ => None,
    }
}

/// The channels of a provider or of a group; nothing where it may have providers of any kind.
fn channels_of_provider(provider: &ProviderIn) -> Option<Vec<Channel>> {
    match provider.codes() {
        Some(codes) => codes.iter().map(|code| channel_of(code)).collect(),
        None if !provider.levels().is_empty() => Some(vec![Channel::Hospital]),
        None => None,
    }
}

/// The channels by which a business can come; none: any.
pub(super) fn channels_of(business: &Business) -> &'static [Channel] {
    let roots: [(&'static str, &'static [Channel]); 6] = [
        ("settlement.pharmacy", &[Channel::Pharmacy]),
        ("settlement.inpatient", &[Channel::Hospital]),
        ("settlement.outpatient", &[Channel::Hospital, Channel::Pharmacy]),
        ("encounter", &[Channel::Hospital]),
        ("contribution", &[Channel::Tax, Channel::Hall, Channel::Agency]),
        ("hall", &[Channel::Hall]),
    ];
    let found = roots.iter().find(|(root, _)| business.is_within(&Business::named(root)));
    found.map_or(&[], |(_, channels)| *channels)
}

/// Whether a business comes by a channel. What the tax office, the hall or the agency takes may come by a channel of the plan's own;
/// what is done at a provider's counter never does.
fn comes_by(channel: Channel, reaches: &[Channel]) -> bool {
    let is_own = !Channel::KNOWN.contains(&channel);
    let by_offices = [Channel::Tax, Channel::Hall, Channel::Agency];
    reaches.contains(&channel) || is_own && reaches.iter().any(|one| by_offices.contains(one))
}

/// The scheme that a business is of by its name.
fn scheme_of(business: &Business) -> Option<Insurance> {
    let within = |root| business.is_within(&Business::named(root));
    if within("contribution.employee") {
        Some(Insurance::Employee)
    } else if within("contribution.resident") {
        Some(Insurance::Resident)
    } else {
        None
    }
}

/// The codes among providers, without the groups.
fn codes_of(providers: &[ProviderIn]) -> Vec<&String> {
    let codes = providers.iter().filter_map(|one| match one {
        ProviderIn::Code(code) => Some(code),
        ProviderIn::Group(_) => None,
    });
    codes.collect()
}

fn person_name(person: &PersonIn) -> &str {
    match person {
        PersonIn::Population(population) => population.name(),
        PersonIn::Group(group) => &group.id,
    }
}

fn names<'a, T>(values: &'a [T], name: impl Fn(&'a T) -> &'a str) -> String {
    values.iter().map(name).collect::<Vec<_>>().join("、")
}
