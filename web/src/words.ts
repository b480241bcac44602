/** Every sentence of the page, in the three languages: English, Finnish, Swedish. What kurssi says comes from kurssi. */

export const LANGUAGES = ["fi", "sv", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
export const NAMES: Record<Language, string> = { fi: "Suomi", sv: "Svenska", en: "English" };

const WORDS = {
  open: ["Open", "Avaa", "Öppna"],
  plan: ["Plan", "Suunnitelma", "Plan"],
  class: ["Class", "Ryhmä", "Klass"],
  reports: ["Reports", "Raportit", "Rapporter"],
  language: ["Language", "Kieli", "Språk"],
  views: ["Views", "Näkymät", "Vyer"],
  private: [
    "Nothing leaves this computer: the page has no connection, and keeps nothing when it is closed.",
    "Mikään ei lähde tästä tietokoneesta: sivulla ei ole yhteyttä mihinkään, eikä se muista mitään, kun se suljetaan.",
    "Inget lämnar datorn: sidan har ingen förbindelse, och minns inget när den stängs.",
  ],
  unpacking: ["Unpacking Python …", "Puretaan Pythonia …", "Packar upp Python …"],
  interpreter: ["Starting Python …", "Käynnistetään Pythonia …", "Startar Python …"],
  packages: ["Unpacking kurssi …", "Puretaan kurssia …", "Packar upp kurssi …"],
  kurssi: ["Starting kurssi …", "Käynnistetään kurssia …", "Startar kurssi …"],
  ready: ["Ready", "Valmis", "Klar"],
  failed: [
    "Python could not be started in this browser. Use a current Firefox, Chrome or Edge.",
    "Pythonia ei saatu käynnistettyä tässä selaimessa. Käytä ajantasaista Firefoxia, Chromea tai Edgeä.",
    "Python kunde inte startas i den här webbläsaren. Använd en aktuell Firefox, Chrome eller Edge.",
  ],
  working: ["Working …", "Työn alla …", "Arbetar …"],
  stop: ["Stop", "Keskeytä", "Avbryt"],
  stopped: ["Stopped.", "Keskeytetty.", "Avbrutet."],
  gradeAgain: ["Grade again", "Arvioi uudelleen", "Bedöm igen"],
  checkAgain: ["Check again", "Tarkista uudelleen", "Kontrollera igen"],
  dropHere: [
    "Drop the implementation (.yaml) and the score sheets here",
    "Pudota toteutus (.yaml) ja arvostelutaulukot tähän",
    "Släpp förverkligandet (.yaml) och bedömningstabellerna här",
  ],
  dropHint: [
    "CSV, Excel or OpenDocument, or an export of Moodle, Canvas, Peppi, Sisu and others. Many files at once.",
    "CSV, Excel tai OpenDocument, tai Moodlen, Canvasin, Pepin, Sisun tai muun järjestelmän vientitiedosto. Monta kerralla.",
    "CSV, Excel eller OpenDocument, eller en export från Moodle, Canvas, Peppi, Sisu med flera. Många på en gång.",
  ],
  choose: ["Choose files …", "Valitse tiedostot …", "Välj filer …"],
  example: ["Begin with an example", "Aloita esimerkistä", "Börja med ett exempel"],
  exampleHint: [
    "A course with 30 invented students.",
    "Opintojakso ja 30 keksittyä opiskelijaa.",
    "Ett studieavsnitt med 30 påhittade studerande.",
  ],
  questions: ["Begin with questions", "Aloita kysymyksistä", "Börja med frågor"],
  questionsHint: [
    "Seven answers make a new implementation file.",
    "Seitsemän vastausta tekee uuden toteutustiedoston.",
    "Sju svar gör en ny fil för ett förverkligande.",
  ],
  qCode: ["The course's code", "Opintojakson tunnus", "Studieavsnittets kod"],
  qName: ["The course's name", "Opintojakson nimi", "Studieavsnittets namn"],
  qCredits: ["Credits", "Opintopisteet", "Studiepoäng"],
  qStart: ["The first day", "Ensimmäinen päivä", "Den första dagen"],
  qEnd: ["The last day", "Viimeinen päivä", "Den sista dagen"],
  qSessions: ["Sessions and their hours", "Opetuskerrat ja niiden tunnit", "Undervisningstillfällen och timmar"],
  qParts: ["What is assessed, with weights", "Mitä arvioidaan, painotuksineen", "Vad som bedöms, med vikter"],
  qPartsExample: ["Essay 40, Exam 60", "Essee 40, Tentti 60", "Essä 40, Tentamen 60"],
  make: ["Make the file", "Tee tiedosto", "Gör filen"],
  close: ["Close", "Sulje", "Stäng"],
  files: ["Files", "Tiedostot", "Filer"],
  implementation: ["implementation", "toteutus", "förverkligande"],
  students: ["rows of students", "opiskelijoiden rivejä", "rader med studerande"],
  groups: ["rows of groups", "ryhmien rivejä", "rader med grupper"],
  peer: ["peer marks", "vertaispisteitä", "kamratpoäng"],
  overrides: ["grades set by hand", "käsin asetetut arvosanat", "vitsord satta för hand"],
  notRead: ["not read", "ei luettu", "inte läst"],
  needsPlan: [
    "Add an implementation file (.yaml): it says what the columns can be.",
    "Lisää toteutustiedosto (.yaml): se kertoo, mitä sarakkeet voivat olla.",
    "Lägg till en fil för ett förverkligande (.yaml): den säger vad kolumnerna kan vara.",
  ],
  planHasErrors: [
    "The assessment has errors: correct them in the plan first.",
    "Arvioinnissa on virheitä: korjaa ne ensin suunnitelmassa.",
    "Bedömningen har fel: rätta dem först i planen.",
  ],
  notAssessed: [
    "The implementation says nothing of how the course is assessed: write assessment: in the plan.",
    "Toteutus ei kerro, miten opintojakso arvioidaan: kirjoita assessment: suunnitelmaan.",
    "Förverkligandet säger inget om hur studieavsnittet bedöms: skriv assessment: i planen.",
  ],
  needsSheets: ["Add a score sheet.", "Lisää arvostelutaulukko.", "Lägg till en bedömningstabell."],
  noPlan: ["There is no implementation yet.", "Toteutusta ei vielä ole.", "Det finns inget förverkligande ännu."],
  remove: ["Remove", "Poista", "Ta bort"],
  removeFile: ["Remove {name}", "Poista {name}", "Ta bort {name}"],
  column: ["Column", "Sarake", "Kolumn"],
  readAs: ["Read as", "Luetaan", "Läses som"],
  readAsOf: ["{header} is read as", "{header} luetaan", "{header} läses som"],
  inside: ["For example", "Esimerkiksi", "Till exempel"],
  unused: ["not used", "ei käytetä", "används inte"],
  showMore: ["Show {n} more of {all}", "Näytä {n} lisää ({all})", "Visa {n} till av {all}"],
  moreTables: ["Not shown: {n} more worksheets.", "Näyttämättä: {n} muuta välilehteä.", "Visas inte: {n} blad till."],
  columnsOf: ["Columns of {name}", "Tiedoston {name} sarakkeet", "Kolumner i {name}"],
  student: ["student number", "opiskelijanumero", "studentnummer"],
  surname: ["surname", "sukunimi", "efternamn"],
  "first name": ["first name", "etunimi", "förnamn"],
  name: ["name", "nimi", "namn"],
  email: ["e-mail", "sähköposti", "e-post"],
  login: ["login", "käyttäjätunnus", "användarnamn"],
  group: ["group", "ryhmä", "grupp"],
  activity: ["activity", "aktiivisuus", "aktivitet"],
  attended: ["attended", "läsnä", "närvarande"],
  from: ["from", "antaja", "från"],
  to: ["to", "saaja", "till"],
  criterion: ["criterion", "kriteeri", "kriterium"],
  submitted: ["{part}: submitted", "{part}: palautettu", "{part}: inlämnad"],
  due: ["{part}: due", "{part}: määräaika", "{part}: inlämningstid"],
  late: ["{part}: lateness", "{part}: myöhästyminen", "{part}: försening"],
  "handed in": ["{part}: handed in", "{part}: palautettu", "{part}: inlämnad"],
  findings: ["Findings", "Havainnot", "Observationer"],
  nothingWrong: ["Nothing is wrong.", "Kaikki on kunnossa.", "Allt är i ordning."],
  error: ["error", "virhe", "fel"],
  warning: ["warning", "varoitus", "varning"],
  info: ["note", "huomio", "notering"],
  accepted: ["Accepted in the file: {n}", "Tiedostossa sallittu: {n}", "Tillåtna i filen: {n}"],
  line: ["line {n}", "rivi {n}", "rad {n}"],
  row: ["row {n}", "rivi {n}", "rad {n}"],
  applyFix: ["Write “{text}”", "Kirjoita ”{text}”", "Skriv ”{text}”"],
  editor: ["The implementation file", "Toteutustiedosto", "Filen för förverkligandet"],
  editorHelp: [
    "Ctrl+Space completes; Esc, then Tab leaves the editor.",
    "Ctrl+välilyönti täydentää; Esc ja sitten sarkain poistuu muokkaimesta.",
    "Ctrl+mellanslag kompletterar; Esc och sedan Tabb lämnar redigeraren.",
  ],
  save: ["Save the file", "Tallenna tiedosto", "Spara filen"],
  hours: ["Hours", "Tunnit", "Timmar"],
  hoursLine: [
    "{sum} h of {declared} h promised, {credits} credits",
    "{sum} h luvatusta {declared} tunnista, {credits} op",
    "{sum} h av utlovade {declared} h, {credits} sp",
  ],
  missing: ["{n} h missing", "{n} h puuttuu", "{n} h saknas"],
  over: ["{n} h too many", "{n} h liikaa", "{n} h för mycket"],
  contact_teaching: ["contact teaching", "lähiopetus", "närundervisning"],
  group_work: ["group work", "ryhmätyö", "grupparbete"],
  independent_work: ["independent work", "itsenäinen työskentely", "självständigt arbete"],
  other: ["other", "muu", "övrigt"],
  weeks: ["Weeks", "Viikot", "Veckor"],
  week: ["Week", "Viikko", "Vecka"],
  sessions: ["Sessions and deadlines", "Opetuskerrat ja määräajat", "Undervisningstillfällen och inlämningstider"],
  deadline: ["deadline", "määräaika", "inlämningstid"],
  break: ["no teaching", "ei opetusta", "ingen undervisning"],
  page: ["Course page", "Opintojakson sivu", "Kurssida"],
  card: ["Policy", "Arviointiperusteet", "Bedömningsgrunder"],
  makingPage: ["Making the page …", "Tehdään sivua …", "Sidan görs …"],
  notPossible: [
    "Not possible yet: correct the errors first.",
    "Ei vielä mahdollista: korjaa ensin virheet.",
    "Inte möjligt ännu: rätta felen först.",
  ],
  search: ["Search", "Hae", "Sök"],
  show: ["Show", "Näytä", "Visa"],
  all: ["all", "kaikki", "alla"],
  graded: ["passed", "hyväksytyt", "godkända"],
  failedOnes: ["failed", "hylätyt", "underkända"],
  incomplete: ["incomplete", "kesken", "ofullständiga"],
  changed: ["changed", "muuttuneet", "ändrade"],
  exact: ["exact", "tarkka arvo", "exakt värde"],
  grade: ["grade", "arvosana", "vitsord"],
  remark: ["remark", "huomautus", "anmärkning"],
  attempt: ["attempt {n}", "suorituskerta {n}", "försök {n}"],
  was: ["was {old}", "oli {old}", "var {old}"],
  gradedClass: ["The graded class", "Arvioitu ryhmä", "Den bedömda klassen"],
  gridHelp: [
    "Arrow keys move, Enter edits a score or explains a grade, Escape leaves a cell as it was.",
    "Nuolet siirtävät, Enter muokkaa tulosta tai selittää arvosanan, Esc jättää solun ennalleen.",
    "Pilar flyttar, Enter ändrar ett resultat eller förklarar ett vitsord, Esc lämnar cellen som den var.",
  ],
  shown: ["{n} of {all} students", "{n} / {all} opiskelijaa", "{n} av {all} studerande"],
  ofGroup: ["the group's score", "ryhmän tulos", "gruppens resultat"],
  edited: ["Edited scores", "Muutetut tulokset", "Ändrade resultat"],
  editedNone: ["No score is changed.", "Tuloksia ei ole muutettu.", "Inga resultat är ändrade."],
  goesOutAs: [
    "{name} is saved as {other}: its own format can be read, not written.",
    "{name} tallennetaan tiedostoksi {other}: sen omaa muotoa voi lukea, ei kirjoittaa.",
    "{name} sparas som {other}: dess eget format kan läsas, inte skrivas.",
  ],
  by: ["Changed by", "Muuttaja", "Ändrad av"],
  why: ["Why", "Miksi", "Varför"],
  undo: ["Undo", "Kumoa", "Ångra"],
  saveEdited: ["Save the sheets and the list of changes", "Tallenna taulukot ja muutosluettelo", "Spara tabellerna och ändringslistan"],
  explanation: ["How the grade came about", "Miten arvosanaan päädyttiin", "Hur vitsordet kom till"],
  distribution: ["Distribution", "Jakauma", "Fördelning"],
  whatIf: ["What if", "Entä jos", "Tänk om"],
  whatIfHow: ["How much", "Kuinka paljon", "Hur mycket"],
  whatIfWeight: ["{part} weighed", "{part} painaisi", "{part} vägde"],
  whatIfGrace: ["days of grace more", "armonpäivää enemmän", "dagars respit till"],
  whatIfDeduction: ["lateness took more or less", "myöhästyminen veisi enemmän tai vähemmän", "försening tog mer eller mindre"],
  whatIfTakes: ["{n} % of the deduction", "{n} % vähennyksestä", "{n} % av avdraget"],
  whatIfRule: ["Change", "Muuta", "Ändra"],
  noOneMoves: ["Nobody's grade would move.", "Kenenkään arvosana ei muuttuisi.", "Ingens vitsord skulle ändras."],
  wouldMove: ["{n} grades would move", "{n} arvosanaa muuttuisi", "{n} vitsord skulle ändras"],
  thisDoesNotWork: ["This cannot be asked here.", "Tätä ei voi kysyä tässä.", "Det kan inte frågas här."],
  print: ["Print", "Tulosta", "Skriv ut"],
  download: ["Download", "Lataa", "Ladda ner"],
  reportsIntro: [
    "Each file is, byte for byte, what the command line writes.",
    "Jokainen tiedosto on tavulleen sama kuin komentorivin kirjoittama.",
    "Varje fil är byte för byte densamma som kommandoraden skriver.",
  ],
  rGrades: ["Grades", "Arvosanat", "Vitsord"],
  rWorkbook: ["Workbook with formulas", "Työkirja kaavoineen", "Arbetsbok med formler"],
  rTable: ["Table (CSV)", "Taulukko (CSV)", "Tabell (CSV)"],
  rText: ["Text (Markdown)", "Teksti (Markdown)", "Text (Markdown)"],
  rProof: ["Everything, to be verified (JSON)", "Kaikki, todennettavaksi (JSON)", "Allt, för verifiering (JSON)"],
  rLock: ["Lock: what was graded from what", "Lukitus: mistä arvioitiin", "Lås: vad som bedömdes av vad"],
  rLists: ["Lists to hand on", "Luettelot eteenpäin", "Listor att lämna vidare"],
  rPeppi: ["For Peppi", "Peppiin", "För Peppi"],
  rSisu: ["For Sisu", "Sisuun", "För Sisu"],
  rPublic: ["To publish, without names", "Julkaistavaksi, ilman nimiä", "För publicering, utan namn"],
  rPages: ["A page for each student (.zip)", "Sivu jokaiselle opiskelijalle (.zip)", "En sida per studerande (.zip)"],
  rPlan: ["Plan", "Suunnitelma", "Plan"],
  rPage: ["Course page", "Opintojakson sivu", "Kurssida"],
  rCalendar: ["Calendar", "Kalenteri", "Kalender"],
  rPolicy: ["What the rules can do", "Mitä säännöt voivat tehdä", "Vad reglerna kan göra"],
  rHours: ["Hours (Markdown)", "Tunnit (Markdown)", "Timmar (Markdown)"],
  rSheet: ["Workbook to enter scores in", "Työkirja tulosten syöttöön", "Arbetsbok för resultat"],
  rDay: [
    "Results given on (for Sisu and the students' pages)",
    "Tulokset annettu (Sisua ja opiskelijoiden sivuja varten)",
    "Resultaten ges den (för Sisu och de studerandes sidor)",
  ],
  commandLine: ["Any other command", "Mikä tahansa muu komento", "Vilket annat kommando som helst"],
  commandHint: ["As in a terminal; the files above are there.", "Kuten päätteessä; yllä olevat tiedostot ovat käytössä.", "Som i en terminal; filerna ovan finns där."],
  run: ["Run", "Suorita", "Kör"],
  written: ["Written", "Kirjoitettu", "Skrivet"],
  saved: ["{name} is downloaded.", "{name} on ladattu.", "{name} är nedladdad."],
  writtenInto: ["{name} is saved.", "{name} on tallennettu.", "{name} är sparad."],
  givenUp: ["{name} is not saved.", "Tiedostoa {name} ei tallennettu.", "{name} är inte sparad."],
  saveNow: ["Save {name} …", "Tallenna {name} …", "Spara {name} …"],
  intoFiles: [
    "Save where I choose, instead of downloading",
    "Tallenna valitsemaani paikkaan lataamisen sijaan",
    "Spara där jag väljer, i stället för att ladda ner",
  ],
} as const satisfies Record<string, readonly [string, string, string]>;

export type Word = keyof typeof WORDS;

let language: Language = "en";

export function speak(code: Language): void {
  language = code;
  document.documentElement.lang = code;
}

export function spoken(): Language {
  return language;
}

/** How numbers and dates are written: days before months, as kurssi does in English, too. */
export function locale(): string {
  return language === "en" ? "en-GB" : language;
}

/** A sentence of the page, with its fields filled in. */
export function t(word: Word, fields: Record<string, string | number> = {}): string {
  const text: string = WORDS[word][language === "en" ? 0 : language === "fi" ? 1 : 2];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(fields[name] ?? ""));
}

export function isWord(text: string): text is Word {
  return Object.hasOwn(WORDS, text);
}

/** The language of the browser, where the page speaks it. */
export function preferred(): Language {
  const wanted = navigator.languages.map((code) => code.slice(0, 2));
  return wanted.find((code): code is Language => (LANGUAGES as readonly string[]).includes(code)) ?? "en";
}
