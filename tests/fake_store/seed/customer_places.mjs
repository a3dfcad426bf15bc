// Countries, names and places of customers. Promises: the countries here are the only ones that the store knows; `states` lists the full names
// where a code such as TX must be refused; seeded addresses keep these rules themselves.

const US =
  'Alabama,Alaska,Arizona,Arkansas,California,Colorado,Connecticut,Delaware,District of Columbia,Florida,Georgia,Hawaii,Idaho,Illinois,Indiana,Iowa,Kansas,Kentucky,Louisiana,Maine,Maryland,Massachusetts,Michigan,Minnesota,Mississippi,Missouri,Montana,Nebraska,Nevada,New Hampshire,New Jersey,New Mexico,New York,North Carolina,North Dakota,Ohio,Oklahoma,Oregon,Pennsylvania,Puerto Rico,Rhode Island,South Carolina,South Dakota,Tennessee,Texas,Utah,Vermont,Virginia,Washington,West Virginia,Wisconsin,Wyoming';
const CA =
  'Alberta,British Columbia,Manitoba,New Brunswick,Newfoundland and Labrador,Northwest Territories,Nova Scotia,Nunavut,Ontario,Prince Edward Island,Quebec,Saskatchewan,Yukon Territory';
const AU = 'Australian Capital Territory,New South Wales,Northern Territory,Queensland,South Australia,Tasmania,Victoria,Western Australia';

const country = (name, { state = false, zip = true, states = '' } = {}) => ({
  name,
  state,
  zip,
  states: states ? new Set(states.split(',')) : null,
});

/** state and zip: whether an address there needs them. */
export const COUNTRIES = {
  US: country('United States', { state: true, states: US }),
  CA: country('Canada', { state: true, states: CA }),
  AU: country('Australia', { state: true, states: AU }),
  BR: country('Brazil', { state: true }),
  JP: country('Japan', { state: true }),
  MX: country('Mexico', { state: true }),
  AE: country('United Arab Emirates', { zip: false }),
  AT: country('Austria'),
  BE: country('Belgium'),
  CH: country('Switzerland'),
  DE: country('Germany'),
  DK: country('Denmark'),
  EG: country('Egypt', { zip: false }),
  ES: country('Spain'),
  FI: country('Finland'),
  FR: country('France'),
  GB: country('United Kingdom'),
  GR: country('Greece'),
  HK: country('Hong Kong', { zip: false }),
  IE: country('Ireland', { zip: false }),
  IL: country('Israel'),
  IT: country('Italy'),
  NL: country('Netherlands'),
  NO: country('Norway'),
  NZ: country('New Zealand'),
  PL: country('Poland'),
  PT: country('Portugal'),
  SE: country('Sweden'),
};

/** [country, state, city, postal code, street] */
export const PLACES = [
  ['US', 'Texas', 'Austin', '78759', 'Research Blvd'],
  ['US', 'California', 'San Francisco', '94107', 'Brannan St'],
  ['US', 'New York', 'New York', '10013-1234', "O'Neill Ave & 3rd"],
  ['US', 'Ohio', 'Akron', '44325', 'E West Street'],
  ['CA', 'Quebec', 'Montréal', 'H2X 1Y4', 'rue Saint-Denis'],
  ['AU', 'New South Wales', 'Sydney', '2000', 'George St'],
  ['BR', 'São Paulo', 'São José dos Campos', '12210-131', 'Avenida Nove de Julho'],
  ['JP', '東京都', '港区', '106-0032', '六本木'],
  ['DE', 'Bayern', 'München', '80331', 'Sendlinger Straße'],
  ['DE', '', 'Köln', '50667', 'Hohe Straße'],
  ['FR', '', 'Besançon', '25000', 'rue de la Préfecture'],
  ['GB', 'Essex', 'Southend-on-Sea', 'SS1 1AB', 'High Street'],
  ['IE', 'County Cork', 'Cork', '', 'Oliver Plunkett St'],
  ['IL', '', 'תל אביב', '6688102', 'רחוב הרצל'],
  ['AE', 'Dubai', 'دبي', '', 'شارع الشيخ زايد'],
  ['HK', '', 'Kowloon', '', 'Nathan Road 彌敦道'],
  ['PL', '', 'Łódź', '90-001', 'ul. Piotrkowska'],
  ['GR', '', 'Θεσσαλονίκη', '546 24', 'Τσιμισκή'],
  ['SE', '', 'Malmö', '211 20', 'Södergatan'],
  ['NO', '', 'Tromsø', '9008', 'Storgata'],
];

export const FIRST_NAMES =
  'Jane,John,Maria,Ahmed,Zoë,Søren,Łukasz,François,Noah,Olivia,Liam,Emma,محمد,נועה,花子,Иван,Ελένη,Ana-María,Jürgen,Siobhán,D’Arcy,Ngọc'.split(
    ',',
  );
export const LAST_NAMES =
  "Smith,Müller,O'Connor,García López,Nguyễn,Kowalski,Ødegård,van der Berg,السعيد,כהן,田中,Иванов,Παπαδόπουλος,Smith-Jones,de Souza,Żółć,MacLeod,Brown".split(
    ',',
  );
export const COMPANIES = [
  'Acme Corp',
  'Müller & Söhne GmbH',
  'O"Neill <Imports>',
  'Café Zoë',
  'שלום בע״מ',
  'Fünf/Sechs AG',
  '株式会社サンプル',
];
