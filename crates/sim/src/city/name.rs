//! What people of the city are called (姓名): a surname that the men and children of a family share, and a given name that
//! fits sex and year of birth. Drawn from a stream of its own, so that a name moves nobody's life.

use crate::dice::Dice;

/// The surnames (姓) that a family may have.
pub(super) const SURNAMES: [&str; 32] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "罗", "安", "徐", "孙", "马", "朱", "胡", "郭", "何",
    "林", "高", "郑", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾",
];

/// Given names of one sex by the time in which they were usual.
type Given = [[&'static str; 20]; 3];

const MEN: Given = [
    [
        "建国", "国强", "德明", "文忠", "志华", "光荣", "正发", "树林", "长福", "永贵", "福生", "世昌", "宗义", "兴邦",
        "万全", "玉山", "学文", "开明", "朝阳", "天佑",
    ],
    [
        "伟", "强", "磊", "军", "勇", "涛", "建华", "志刚", "海波", "俊峰", "小龙", "明", "斌", "国栋", "永康", "鹏",
        "晓东", "振宇", "立新", "家林",
    ],
    [
        "浩然", "子轩", "宇航", "俊杰", "博文", "嘉豪", "明轩", "天宇", "梓睿", "一鸣", "泽宇", "思远", "皓宇", "志远",
        "晨", "睿", "逸飞", "文博", "星辰", "家乐",
    ],
];

const WOMEN: Given = [
    [
        "秀英", "桂兰", "玉珍", "素芬", "淑华", "翠英", "凤仙", "桂芳", "秀珍", "玉梅", "兰英", "金凤", "银花", "素珍",
        "惠兰", "菊香", "友珍", "碧英", "月娥", "正芬",
    ],
    [
        "芳", "娜", "敏", "静", "丽", "艳", "燕", "玲", "红梅", "晓燕", "丽娟", "海霞", "春梅", "雪梅", "小红", "婷婷",
        "慧", "莉", "秀丽", "永芬",
    ],
    [
        "子涵", "欣怡", "梓涵", "诗涵", "雨桐", "佳怡", "思琪", "可馨", "梦琪", "语嫣", "若曦", "雅婷", "晓萱", "心怡",
        "一诺", "婉清", "静怡", "紫萱", "佳琪", "安琪",
    ],
];

/// The years of birth with which a new time of names begins.
const TIMES: [i16; 2] = [1962, 1998];

/// Who is named.
pub(super) struct Named {
    pub seed: u64,
    /// The person's number in the city.
    pub number: u64,
    /// That of the family.
    pub surname: &'static str,
    pub is_man: bool,
    /// A child bears the father's surname, whatever its sex; a woman who married into the family keeps her own.
    pub is_child: bool,
    /// Year of birth.
    pub born: i16,
}

impl Named {
    /// Surname and given name.
    pub fn name(&self) -> String {
        let mut own = Dice::of(self.seed, "name", self.number);
        let given = own.pick(&self.given());
        let surname = if self.is_man || self.is_child { self.surname } else { own.pick(&SURNAMES) };
        format!("{surname}{given}")
    }

    fn given(&self) -> [&'static str; 20] {
        let time = TIMES.iter().filter(|year| **year <= self.born).count();
        if self.is_man { MEN[time] } else { WOMEN[time] }
    }
}
