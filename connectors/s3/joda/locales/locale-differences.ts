import type { LocaleNames } from './locale-names.ts'

/**
 * Names that Java has and Node.js does not, because their versions of the Unicode data differ, or because Node.js writes
 * numbers for months within a date. Each line has a language, the kind of names, and the names.
 *
 * Source: Java 17.
 */
const table = `
ak months Sanda-Ɔpɛpɔn|Kwakwar-Ɔgyefuo|Ebɔw-Ɔbenem|Ebɔbira-Oforisuo|Esusow Aketseaba-Kɔtɔnimba|Obirade-Ayɛwohomumu|Ayɛwoho-Kitawonsa|Difuu-Ɔsandaa|Fankwa-Ɛbɔ|Ɔbɛsɛ-Ahinime|Ɔberɛfɛw-Obubuo|Mumu-Ɔpɛnimba
ak shortMonths S-Ɔ|K-Ɔ|E-Ɔ|E-O|E-K|O-A|A-K|D-Ɔ|F-Ɛ|Ɔ-A|Ɔ-O|M-Ɔ
ak days Dwowda|Benada|Wukuda|Yawda|Fida|Memeneda|Kwesida
ak shortDays Dwo|Ben|Wuk|Yaw|Fia|Mem|Kwe
ak halves AN|EW
am months ጃንዩወሪ|ፌብሩወሪ|ማርች|ኤፕሪል|ሜይ|ጁን|ጁላይ|ኦገስት|ሴፕቴምበር|ኦክቶበር|ኖቬምበር|ዲሴምበር
am shortMonths ጃንዩ|ፌብሩ|ማርች|ኤፕሪ|ሜይ|ጁን|ጁላይ|ኦገስ|ሴፕቴ|ኦክቶ|ኖቬም|ዲሴም
ast halves de la mañana|de la tarde
bas halves I bikɛ̂glà|I ɓugajɔp
bg shortMonths яну|фев|март|апр|май|юни|юли|авг|сеп|окт|ное|дек
bg halves пр.об.|сл.об.
bn months জানুয়ারী|ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর
bn shortMonths জানু|ফেব|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর
brx months जानुवारी|फेब्रुवारी|मार्स|एफ्रिल|मे|जुन|जुलाइ|आगस्थ|सेबथेज्ब़र|अखथबर|नबेज्ब़र|दिसेज्ब़र
brx shortMonths जानुवारी|फेब्रुवारी|मार्स|एफ्रिल|मे|जुन|जुलाइ|आगस्थ|सेबथेज्ब़र|अखथबर|नबेज्ब़र|दिसेज्ब़र
brx days समबार|मंगलबार|बुदबार|बिसथिबार|सुखुरबार|सुनिबार|रबिबार
brx shortDays सम|मंगल|बुद|बिसथि|सुखुर|सुनि|रबि
brx eras ईसा.पूर्व|सन
bs halves prijepodne|popodne
ca halves a.\u{a0}m.|p.\u{a0}m.
ceb months Enero|Pebrero|Marso|Abril|Mayo|Hunyo|Hulyo|Agosto|Setyembre|Oktubre|Nobyembre|Disyembre
ceb shortMonths Ene|Peb|Mar|Abr|May|Hun|Hul|Ago|Set|Okt|Nob|Dis
chr halves ᏌᎾᎴ|ᏒᎯᏱᎢᏗᏢ
cy halves yb|yh
da shortDays man.|tir.|ons.|tor.|fre.|lør.|søn.
dav halves Luma lwa K|luma lwa p
dje halves Subbaahi|Zaarikay b
doi months जनवरी|फरवरी|मार्च|अप्रैल|मेई|जून|जुलाई|अगस्त|सितंबर|अत्तूबर|नवंबर|दिसंबर
doi days सोमबार|मंगलबार|बुधबार|बीरबार|शुक्रबार|शनीबार|ऐतबार
doi halves सवेर|बाद दपैहर
dsb halves dopołdnja|wótpołdnja
dz shortMonths ༡|༢|༣|༤|༥|༦|༧|༨|༩|༡༠|༡༡|12
ee months dzove|dzodze|tedoxe|afɔfĩe|dama|masa|siamlɔm|deasiamime|anyɔnyɔ|kele|adeɛmekpɔxe|dzome
eo months januaro|februaro|marto|aprilo|majo|junio|julio|aŭgusto|septembro|oktobro|novembro|decembro
eo shortMonths jan|feb|mar|apr|maj|jun|jul|aŭg|sep|okt|nov|dec
eo eras aK|pK
es halves a.\u{a0}m.|p.\u{a0}m.
eu months urtarrilak|otsailak|martxoak|apirilak|maiatzak|ekainak|uztailak|abuztuak|irailak|urriak|azaroak|abenduak
fa months ژانویهٔ|فوریهٔ|مارس|آوریل|مهٔ|ژوئن|ژوئیهٔ|اوت|سپتامبر|اکتبر|نوامبر|دسامبر
fa shortMonths ژانویهٔ|فوریهٔ|مارس|آوریل|مهٔ|ژوئن|ژوئیهٔ|اوت|سپتامبر|اکتبر|نوامبر|دسامبر
fa halves قبل\u{200c}ازظهر|بعدازظهر
fi shortMonths tammik.|helmik.|maalisk.|huhtik.|toukok.|kesäk.|heinäk.|elok.|syysk.|lokak.|marrask.|jouluk.
fi days maanantaina|tiistaina|keskiviikkona|torstaina|perjantaina|lauantaina|sunnuntaina
gsw halves am Vormittag|am Namittag
guz halves Mambia|Mog
ha halves Safiya|Yamma
he halves לפנה״צ|אחה״צ
hi months जनवरी|फ़रवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|अक्तूबर|नवंबर|दिसंबर
hi shortMonths जन॰|फ़र॰|मार्च|अप्रैल|मई|जून|जुल॰|अग॰|सित॰|अक्तू॰|नव॰|दिस॰
hsb halves dopołdnja|popołdnju
ig months Jenụwarị|Febrụwarị|Maachị|Epreel|Mee|Juun|Julaị|Ọgọọst|Septemba|Ọktoba|Novemba|Disemba
ig halves N’ụtụtụ|N’abali
ig eras T.K.|A.K.
ii months ꋍꆪ|ꑍꆪ|ꌕꆪ|ꇖꆪ|ꉬꆪ|ꃘꆪ|ꏃꆪ|ꉆꆪ|ꈬꆪ|ꊰꆪ|ꊰꊪꆪ|ꊰꑋꆪ
ii shortMonths ꋍꆪ|ꑍꆪ|ꌕꆪ|ꇖꆪ|ꉬꆪ|ꃘꆪ|ꏃꆪ|ꉆꆪ|ꈬꆪ|ꊰꆪ|ꊰꊪꆪ|ꊰꑋꆪ
ii days ꆏꊂꋍ|ꆏꊂꑍ|ꆏꊂꌕ|ꆏꊂꇖ|ꆏꊂꉬ|ꆏꊂꃘ|ꑭꆏꑍ
ii shortDays ꆏꋍ|ꆏꑍ|ꆏꌕ|ꆏꇖ|ꆏꉬ|ꆏꃘ|ꑭꆏ
jgo halves mbaꞌmbaꞌ|ŋka mbɔ́t nji
kab days Sanass|Kraḍass|Kuẓass|Samass|Sḍisass|Sayass|Yanass
kab shortDays San|Kraḍ|Kuẓ|Sam|Sḍis|Say|Yan
kab halves n tufat|n tmeddit
kln halves karoon|kooskoliny
kn shortMonths ಜನವರಿ|ಫೆಬ್ರವರಿ|ಮಾರ್ಚ್|ಏಪ್ರಿ|ಮೇ|ಜೂನ್|ಜುಲೈ|ಆಗ|ಸೆಪ್ಟೆಂ|ಅಕ್ಟೋ|ನವೆಂ|ಡಿಸೆಂ
kn halves ಪೂರ್ವಾಹ್ನ|ಅಪರಾಹ್ನ
ko halves 오전|오후
kok shortMonths जानेवारी|फेब्रुवारी|मार्च|एप्रील|मे|जून|जुलय|ऑगस्ट|सप्टेंबर|ऑक्टोबर|नोव्हेंबर|डिसेंबर
kok eras क्रिस्तपूर्व|क्रिस्तशखा
ks months جنؤری|فرؤری|مارٕچ|اپریل|میٔ|جوٗن|جوٗلایی|اگست|ستمبر|اکتوٗبر|نومبر|دسمبر
ks shortMonths جنؤری|فرؤری|مارٕچ|اپریل|میٔ|جوٗن|جوٗلایی|اگست|ستمبر|اکتوٗبر|نومبر|دسمبر
ksh halves Uhr vörmiddaachs|Uhr nommendaachs
ku months rêbendanê|reşemiyê|adarê|avrêlê|gulanê|pûşperê|tîrmehê|gelawêjê|rezberê|kewçêrê|sermawezê|berfanbarê
ku shortMonths rêb|reş|ada|avr|gul|pûş|tîr|gel|rez|kew|ser|ber
ku days duşem|sêşem|çarşem|pêncşem|în|şemî|yekşem
ku shortDays dş|sş|çş|pş|în|ş|yş
ku eras BZ|PZ
ky halves таңкы|түштөн кийинки
lt shortMonths saus.|vas.|kov.|bal.|geg.|birž.|liep.|rugp.|rugs.|spal.|lapkr.|gruod.
lv halves priekšpusdienā|pēcpusdienā
mai months जनवरी|फ़रवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|अक्तूबर|नवंबर|दिसंबर
mai days सोमवार|मंगलवार|बुधवार|गुरुवार|शुक्रवार|शनिवार|रविवार
mai halves am|pm
mai eras ईसा-पूर्व|ईस्वी
mi months Kohitātea|Huitanguru|Poutūterangi|Paengawhāwhā|Haratua|Pipiri|Hōngongoi|Hereturikōkā|Mahuru|Whiringa-ā-nuku|Whiringa-ā-rangi|Hakihea
mi shortMonths Kohi|Hui|Pou|Pae|Hara|Pipi|Hōngo|Here|Mahu|Nuku|Rangi|Haki
mi days Rāhina|Rātū|Rāapa|Rāpare|Rāmere|Rāhoroi|Rātapu
mi shortDays Hin|Tū|Apa|Par|Mer|Hor|Tap
mk shortMonths јан.|фев.|мар.|апр.|мај|јун.|јул.|авг.|септ.|окт.|ноем.|дек.
mk shortDays пон.|вт.|сре.|чет.|пет.|саб.|нед.
mk halves претпладне|попладне
mk eras п.н.е.|н.е.
ml eras ക്രി.മു.|എഡി
mni months জানুৱারি|ফেব্রুৱারি|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|ওক্টোবর|নভেম্বর|ডিসেম্বর
mni shortMonths জানুৱারি|ফেব্রুৱারি|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|ওক্টোবর|নভেম্বর|ডিসেম্বর
mni halves এ এম|পি এম
mr eras इ. स. पू.|इ. स.
nb shortMonths jan.|feb.|mar.|apr.|mai|jun.|jul.|aug.|sep.|okt.|nov.|des.
nl shortMonths jan.|feb.|mrt.|apr.|mei|jun.|jul.|aug.|sep.|okt.|nov.|dec.
nn halves formiddag|ettermiddag
no shortMonths jan.|feb.|mar.|apr.|mai|jun.|jul.|aug.|sep.|okt.|nov.|des.
om months Amajjii|Guraandhala|Bitooteessa|Elba|Caamsa|Waxabajjii|Adooleessa|Hagayya|Fuulbana|Onkololeessa|Sadaasa|Muddee
om shortMonths Ama|Gur|Bit|Elb|Cam|Wax|Ado|Hag|Ful|Onk|Sad|Mud
om days Wiixata|Qibxata|Roobii|Kamiisa|Jimaata|Sanbata|Dilbata
om shortDays Wix|Qib|Rob|Kam|Jim|San|Dil
om eras BCE|CE
os days къуырисӕр|дыццӕг|ӕртыццӕг|цыппӕрӕм|майрӕмбон|сабат|хуыцаубон
os shortDays крс|дцг|ӕрт|цпр|мрб|сбт|хцб
os halves ӕмбисбоны размӕ|ӕмбисбоны фӕстӕ
pa days ਸੋਮਵਾਰ|ਮੰਗਲਵਾਰ|ਬੁੱਧਵਾਰ|ਵੀਰਵਾਰ|ਸ਼ੁੱਕਰਵਾਰ|ਸ਼ਨਿੱਚਰਵਾਰ|ਐਤਵਾਰ
pa shortDays ਸੋਮ|ਮੰਗਲ|ਬੁੱਧ|ਵੀਰ|ਸ਼ੁੱਕਰ|ਸ਼ਨਿੱਚਰ|ਐਤ
pa halves ਪੂ.ਦੁ.|ਬਾ.ਦੁ.
pcm halves Fọ mọ́nin|Fọ ívnin
ps halves غ.م.|غ.و.
qu eras BCE|d.C.
rm eras av. Cr.|s. Cr.
rw months Mutarama|Gashyantare|Werurwe|Mata|Gicuransi|Kamena|Nyakanga|Kanama|Nzeli|Ukwakira|Ugushyingo|Ukuboza
rw shortMonths mut.|gas.|wer.|mat.|gic.|kam.|nya.|kan.|nze.|ukw.|ugu.|uku.
rw shortDays mbe.|kab.|gtu.|kan.|gnu.|gnd.|cyu.
sa halves पूर्वाह्न|अपराह्न
sat halves ᱥᱮᱛᱟᱜ|ᱧᱤᱫᱟᱹ
sat eras ᱥᱮᱨᱢᱟ ᱞᱟᱦᱟ|ᱤᱥᱣᱤ
sd halves صبح، منجهند|منجهند، شام
sd eras BC|CD
se halves iđitbeaivet|eahketbeaivet
si months ජනවාරි|පෙබරවාරි|මාර්තු|අප්\u{200d}රේල්|මැයි|ජූනි|ජූලි|අගෝස්තු|සැප්තැම්බර්|ඔක්තෝබර්|නොවැම්බර්|දෙසැම්බර්
si shortMonths ජන|පෙබ|මාර්තු|අප්\u{200d}රේල්|මැයි|ජූනි|ජූලි|අගෝ|සැප්|ඔක්|නොවැ|දෙසැ
so months Bisha Koobaad|Bisha Labaad|Bisha Saddexaad|Bisha Afraad|Bisha Shanaad|Bisha Lixaad|Bisha Todobaad|Bisha Sideedaad|Bisha Sagaalaad|Bisha Tobnaad|Bisha Kow iyo Tobnaad|Bisha Laba iyo Tobnaad
so eras CH|CD
sq shortDays Hën|Mar|Mër|Enj|Pre|Sht|Die
sq halves e paradites|e pasdites
sr halves пре подне|по подне
ta halves முற்பகல்|பிற்பகல்
th shortDays จ.|อ.|พ.|พฤ.|ศ.|ส.|อา.
th halves ก่อนเที่ยง|หลังเที่ยง
ti months ጥሪ|ለካቲት|መጋቢት|ሚያዝያ|ግንቦት|ሰነ|ሓምለ|ነሓሰ|መስከረም|ጥቅምቲ|ሕዳር|ታሕሳስ
ti days ሰኑይ|ሠሉስ|ረቡዕ|ኃሙስ|ዓርቢ|ቀዳም|ሰንበት
ti halves ቅድመ ፍርቂ-መዓልቲ|ደሕረ ፍርቀ-መዓልቲ
tk halves günortadan öň|günortadan soň
to months Sānuali|Fēpueli|Maʻasi|ʻEpeleli|Mē|Sune|Siulai|ʻAokosi|Sepitema|ʻOkatopa|Nōvema|Tīsema
to shortMonths Sān|Fēp|Maʻa|ʻEpe|Mē|Sun|Siu|ʻAok|Sep|ʻOka|Nōv|Tīs
to halves hengihengi|efiafi
twq halves Subbaahi|Zaarikay b
tzm halves Zdat azal|Ḍeffir aza
ug halves چۈشتىن بۇرۇن|چۈشتىن كېيىن
vi shortDays Th 2|Th 3|Th 4|Th 5|Th 6|Th 7|CN
vi eras Trước CN|Sau CN
xh months Janyuwari|Februwari|Matshi|Epreli|Meyi|Juni|Julayi|Agasti|Septemba|Okthoba|Novemba|Disemba
xh shortMonths Jan|Feb|Mat|Epr|Mey|Jun|Jul|Aga|Sep|Okt|Nov|Dis
xh shortDays Mvu|Bin|Tha|Sin|Hla|Mgq|Caw
yo shortMonths Ṣẹ́r|Èrèl|Ẹrẹ̀n|Ìgb|Ẹ̀bi|Òkú|Agẹ|Ògú|Owe|Ọ̀wà|Bél|Ọ̀pẹ
yo shortDays Aj|Ìsẹ́g|Ọjọ́r|Ọjọ́b|Ẹt|Àbám|Àìk
yue halves 上午|下午
`

const namesByLanguage = new Map<string, Partial<LocaleNames>>()
for (const line of table.trim().split('\n')) {
  const [language = '', kind = '', ...names] = line.split(' ')
  const known = namesByLanguage.get(language)
  namesByLanguage.set(language, { ...known, [kind]: names.join(' ').split('|') })
}

/** Returns the names of a language that differ from those of Node.js. */
export function differingNames(language: string): Partial<LocaleNames> {
  return namesByLanguage.get(language) ?? {}
}
