/**
 * Abbreviations of the names of time zones, in standard time and in summer, and the zones that have them.
 *
 * Source: the names in English of Java 17. They are those of older versions of the time zone database, in part.
 */
const table = `
ACST/ACDT: Australia/Adelaide Australia/Broken_Hill Australia/Darwin
ACT/ACST: America/Eirunepe America/Rio_Branco
ACWST/ACWDT: Australia/Eucla
AEST/AEDT: Antarctica/Macquarie Australia/Brisbane Australia/Hobart Australia/Lindeman Australia/Melbourne
  Australia/Sydney
AFT/AFST: Asia/Kabul
AKST/AKDT: America/Anchorage America/Juneau America/Metlakatla America/Nome America/Sitka America/Yakutat
ALMT/ALMST: Asia/Almaty
AMT/AMST: America/Boa_Vista America/Campo_Grande America/Cuiaba America/Manaus America/Porto_Velho
  Asia/Yerevan
ANAT/ANAST: Asia/Anadyr
AQTT/AQTST: Asia/Aqtau Asia/Aqtobe
ART/ARST: America/Argentina/Buenos_Aires America/Argentina/Catamarca America/Argentina/Cordoba
  America/Argentina/Jujuy America/Argentina/La_Rioja America/Argentina/Mendoza
  America/Argentina/Rio_Gallegos America/Argentina/Salta America/Argentina/San_Juan
  America/Argentina/San_Luis America/Argentina/Tucuman America/Argentina/Ushuaia
AST/ADT: America/Anguilla America/Antigua America/Aruba America/Barbados America/Blanc-Sablon
  America/Curacao America/Dominica America/Glace_Bay America/Goose_Bay America/Grenada America/Guadeloupe
  America/Halifax America/Kralendijk America/Lower_Princes America/Marigot America/Martinique
  America/Moncton America/Montserrat America/Port_of_Spain America/Puerto_Rico America/Santo_Domingo
  America/St_Barthelemy America/St_Kitts America/St_Lucia America/St_Thomas America/St_Vincent America/Thule
  America/Tortola Asia/Aden Asia/Baghdad Asia/Bahrain Asia/Kuwait Asia/Qatar Asia/Riyadh Atlantic/Bermuda
AWST/AWDT: Antarctica/Casey Australia/Perth
AZOT/AZOST: Atlantic/Azores
AZT/AZST: Asia/Baku
BDT/BDST: Asia/Dhaka
BNT/BNST: Asia/Brunei
BOT/BOST: America/La_Paz
BRT/BRST: America/Araguaina America/Bahia America/Belem America/Fortaleza America/Maceio America/Recife
  America/Santarem America/Sao_Paulo
BST/BST: Pacific/Bougainville
BTT/BTST: Asia/Thimphu
CAT/CAST: Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Juba Africa/Khartoum
  Africa/Kigali Africa/Lubumbashi Africa/Lusaka Africa/Maputo
CAT/WAT: Africa/Windhoek
CCT/CCST: Indian/Cocos
CET/CEST: Africa/Algiers Africa/Ceuta Africa/Tunis Arctic/Longyearbyen CET Europe/Amsterdam Europe/Andorra
  Europe/Belgrade Europe/Berlin Europe/Bratislava Europe/Brussels Europe/Budapest Europe/Busingen
  Europe/Copenhagen Europe/Gibraltar Europe/Ljubljana Europe/Luxembourg Europe/Madrid Europe/Malta
  Europe/Monaco Europe/Oslo Europe/Paris Europe/Podgorica Europe/Prague Europe/Rome Europe/San_Marino
  Europe/Sarajevo Europe/Skopje Europe/Stockholm Europe/Tirane Europe/Vaduz Europe/Vatican Europe/Vienna
  Europe/Warsaw Europe/Zagreb Europe/Zurich
CHAST/CHADT: Pacific/Chatham
CHUT/CHUST: Pacific/Chuuk
CKT/CKHST: Pacific/Rarotonga
CLT/CLST: America/Santiago Antarctica/Palmer
COT/COST: America/Bogota
CST/CDT: America/Bahia_Banderas America/Belize America/Chicago America/Chihuahua America/Costa_Rica
  America/El_Salvador America/Guatemala America/Havana America/Indiana/Knox America/Indiana/Tell_City
  America/Managua America/Matamoros America/Menominee America/Merida America/Mexico_City America/Monterrey
  America/North_Dakota/Beulah America/North_Dakota/Center America/North_Dakota/New_Salem America/Ojinaga
  America/Rankin_Inlet America/Regina America/Resolute America/Swift_Current America/Tegucigalpa
  America/Winnipeg Asia/Macau Asia/Shanghai Asia/Taipei
CVT/CVST: Atlantic/Cape_Verde
CXT/CXST: Indian/Christmas
ChST/ChDT: Pacific/Guam Pacific/Saipan
DAVT/DAVST: Antarctica/Davis
DDUT/DDUST: Antarctica/DumontDUrville
EAST/EASST: Pacific/Easter
EAT/EAST: Africa/Addis_Ababa Africa/Asmara Africa/Dar_es_Salaam Africa/Djibouti Africa/Kampala
  Africa/Mogadishu Africa/Nairobi Indian/Antananarivo Indian/Comoro Indian/Mayotte
ECT/ECST: America/Guayaquil
EET/EEST: Africa/Cairo Africa/Tripoli Asia/Amman Asia/Beirut Asia/Damascus Asia/Famagusta Asia/Gaza
  Asia/Hebron Asia/Nicosia EET Europe/Athens Europe/Bucharest Europe/Chisinau Europe/Helsinki
  Europe/Kaliningrad Europe/Kyiv Europe/Mariehamn Europe/Riga Europe/Sofia Europe/Tallinn Europe/Vilnius
EGT/EGST: America/Scoresbysund
EST/EDT: America/Atikokan America/Cancun America/Cayman America/Detroit America/Grand_Turk
  America/Indiana/Indianapolis America/Indiana/Marengo America/Indiana/Petersburg America/Indiana/Vevay
  America/Indiana/Vincennes America/Indiana/Winamac America/Iqaluit America/Jamaica
  America/Kentucky/Louisville America/Kentucky/Monticello America/Nassau America/New_York America/Panama
  America/Port-au-Prince America/Toronto
FJT/FJST: Pacific/Fiji
FKT/FKST: Atlantic/Stanley
FNT/FNST: America/Noronha
GALT/GALST: Pacific/Galapagos
GAMT/GAMST: Pacific/Gambier
GET/GEST: Asia/Tbilisi
GFT/GFST: America/Cayenne
GILT/GILST: Pacific/Tarawa
GMT+04:00/GMT+04:00: Europe/Astrakhan Europe/Saratov Europe/Ulyanovsk
GMT+05:00/GMT+05:00: Asia/Atyrau
GMT+07:00/GMT+07:00: Asia/Barnaul Asia/Tomsk
GMT+13:00/GMT+13:00: Pacific/Kanton
GMT-03:00/GMT-03:00: America/Punta_Arenas
GMT/BST: Europe/Guernsey Europe/Isle_of_Man Europe/Jersey Europe/London
GMT/CEST: Antarctica/Troll
GMT/GHST: Africa/Accra
GMT/GMT: Africa/Abidjan Africa/Bamako Africa/Banjul Africa/Bissau Africa/Conakry Africa/Dakar
  Africa/Freetown Africa/Lome Africa/Monrovia Africa/Nouakchott Africa/Ouagadougou Africa/Sao_Tome
  America/Danmarkshavn Atlantic/Reykjavik Atlantic/St_Helena Etc/GMT
GMT/IST: Europe/Dublin
GST/GDT: Asia/Dubai Asia/Muscat Atlantic/South_Georgia
GYT/GYST: America/Guyana
HAST/HADT: America/Adak
HKT/HKST: Asia/Hong_Kong
HOVT/HOVST: Asia/Hovd
HST/HDT: Pacific/Honolulu
ICT/ICST: Asia/Bangkok Asia/Ho_Chi_Minh Asia/Phnom_Penh Asia/Vientiane
IOT/IOST: Indian/Chagos
IRKT/IRKST: Asia/Irkutsk
IRST/IRDT: Asia/Tehran
IST/IDT: Asia/Colombo Asia/Jerusalem Asia/Kolkata
JST/JDT: Asia/Tokyo
KGT/KGST: Asia/Bishkek
KOST/KOSST: Pacific/Kosrae
KRAT/KRAST: Asia/Krasnoyarsk Asia/Novokuznetsk
KST/KDT: Asia/Pyongyang Asia/Seoul
LHST/LHDT: Australia/Lord_Howe
LINT/LINST: Pacific/Kiritimati
MAGT/MAGST: Asia/Magadan
MART/MARST: Pacific/Marquesas
MAWT/MAWST: Antarctica/Mawson
MHT/MHST: Pacific/Kwajalein Pacific/Majuro
MMT/MMST: Asia/Yangon
MSK/MSD: Europe/Kirov Europe/Minsk Europe/Moscow Europe/Simferopol Europe/Volgograd
MST/MDT: America/Boise America/Cambridge_Bay America/Ciudad_Juarez America/Creston America/Dawson
  America/Dawson_Creek America/Denver America/Edmonton America/Fort_Nelson America/Hermosillo America/Inuvik
  America/Mazatlan America/Phoenix America/Whitehorse
MUT/MUST: Indian/Mauritius
MVT/MVST: Indian/Maldives
MYT/MYST: Asia/Kuala_Lumpur Asia/Kuching
NCT/NCST: Pacific/Noumea
NFT/NFST: Pacific/Norfolk
NOVT/NOVST: Asia/Novosibirsk
NPT/NPST: Asia/Kathmandu
NRT/NRST: Pacific/Nauru
NST/NDT: America/St_Johns
NUT/NUST: Pacific/Niue
NZST/NZDT: Antarctica/McMurdo Pacific/Auckland
OMST/OMSST: Asia/Omsk
ORAT/ORAST: Asia/Oral
PETT/PETST: Asia/Kamchatka
PET/PEST: America/Lima
PGT/PGST: Pacific/Port_Moresby
PKT/PKST: Asia/Karachi
PMST/PMDT: America/Miquelon
PONT/PONST: Pacific/Pohnpei
PST/PDT: America/Los_Angeles America/Tijuana America/Vancouver Asia/Manila Pacific/Pitcairn
PWT/PWST: Pacific/Palau
PYT/PYST: America/Asuncion
QOST/QOSST: Asia/Qostanay
QYZT/QYZST: Asia/Qyzylorda
RET/REST: Indian/Reunion
ROTT/ROTST: Antarctica/Rothera
SAKT/SAKST: Asia/Sakhalin
SAMT/SAMST: Europe/Samara
SAST/SAST: Africa/Johannesburg Africa/Maseru Africa/Mbabane
SBT/SBST: Pacific/Guadalcanal
SCT/SCST: Indian/Mahe
SGT/SGST: Asia/Singapore
SRET/SREDT: Asia/Srednekolymsk
SRT/SRST: America/Paramaribo
SST/SDT: Pacific/Midway Pacific/Pago_Pago
SYOT/SYOST: Antarctica/Syowa
TAHT/TAHST: Pacific/Tahiti
TFT/TFST: Indian/Kerguelen
TJT/TJST: Asia/Dushanbe
TKT/TKST: Pacific/Fakaofo
TLT/TLST: Asia/Dili
TMT/TMST: Asia/Ashgabat
TOT/TOST: Pacific/Tongatapu
TRT/TRST: Europe/Istanbul
TVT/TVST: Pacific/Funafuti
ULAT/ULAST: Asia/Ulaanbaatar
UTC/UTC: Etc/UTC UTC
UYT/UYST: America/Montevideo
UZT/UZST: Asia/Samarkand Asia/Tashkent
VET/VEST: America/Caracas
VLAT/VLAST: Asia/Ust-Nera Asia/Vladivostok
VOST/VOSST: Antarctica/Vostok
VUT/VUST: Pacific/Efate
WAKT/WAKST: Pacific/Wake
WAT/WAST: Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Lagos Africa/Libreville
  Africa/Luanda Africa/Malabo Africa/Ndjamena Africa/Niamey Africa/Porto-Novo
WET/WEST: Africa/Casablanca Africa/El_Aaiun Atlantic/Canary Atlantic/Faroe Atlantic/Madeira Europe/Lisbon
  WET
WFT/WFST: Pacific/Wallis
WGT/WGST: America/Nuuk
WIB/WIST: Asia/Jakarta Asia/Pontianak
WITA/CIST: Asia/Makassar
WIT/EIST: Asia/Jayapura
WSST/WSDT: Pacific/Apia
XJT/XJDT: Asia/Urumqi
YAKT/YAKST: Asia/Chita Asia/Khandyga Asia/Yakutsk
YEKT/YEKST: Asia/Yekaterinburg
`

/** The abbreviations in standard time and in summer, by zone. */
const abbreviations: ReadonlyMap<string, readonly [string, string]> = new Map(
  table
    .trim()
    .split(/\n(?! )/)
    .flatMap((line) => {
      const [, standard = '', summer = '', zones = ''] = /^(.*)\/(.*): ([^]*)$/.exec(line) ?? []
      return zones.split(/\s+/).map((zone) => [zone, [standard, summer]] as const)
    }),
)

/** Returns the abbreviation of the name of a time zone; undefined if it has none. */
export function zoneAbbreviation(zone: string, inSummer: boolean): string | undefined {
  return abbreviations.get(zone)?.[inSummer ? 1 : 0]
}
