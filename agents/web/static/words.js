// Everything that the page says, in English and French, and how figures and times are written in each.

const WORDS = {
  en: {
    title: "Service levels",
    states: {
      met: "Met", at_risk: "At risk", breached: "Missed", lost: "Lost", too_few: "Too few", no_data: "No data",
      unmeasurable: "Unmeasurable",
    },
    allOf: (channels) => `All ${channels}`,
    channels: { voice: "calls", chat: "chats", email: "mails", ticket: "tickets" },
    target: (bound) => `promised ${bound}`,
    contacts: (n, text) => `${text} contact${n === 1 ? "" : "s"}`,
    waiting: (n, text) => `${text} waiting`,
    longest: "longest",
    open: (n, text) => `${text} open`,
    pastDue: (n, text) => `${text} late`,
    crossing: (n, text, seconds) => `${text} more late within ${seconds} s`,
    needed: (figure) => `${figure} needed from now on`,
    catchingUp: (time) => `Catching up: as of ${time}`,
    maintenance: (reason) => `Not counted now: ${reason}`,
    troubles: "Open episodes",
    noTroubles: "None.",
    since: (time, lasted) => `since ${time} (${lasted})`,
    feedSilent: "feed silent",
    cannotBeSaved: "cannot be made up for",
    seenTo: (who) => `${who} sees to it`,
    severities: { critical: "critical", error: "error", warning: "warning", info: "info" },
    connecting: "Connecting …",
    lost: (lasted) => `NOT LIVE – nothing heard for ${lasted}. What is below is old.`,
    stale: (clients) => `NOT LIVE – nobody judges ${clients} at the moment. The hatched figures are old.`,
    nothing: "Nothing has been judged yet.",
    changed: (place, state) => `${place}: ${state}`,
    otherLanguage: ["Français", "Afficher en français", "fr"],
    theme: { dark: "Light", light: "Dark" },
    themeLabel: { dark: "Show light", light: "Show dark" },
    askTitle: "A token is needed",
    askLabel: "Token",
    askSend: "Show",
    details: (place) => `Details of ${place}`,
    close: "Close",
    columns: ["Window", "Now", "Promised", "Contacts", "State"],
    windows: {
      rolling: (length) => `last ${length}`, interval: (length) => `this ${length}`, day: "today", week: "this week",
      month: "this month", quarter: "this quarter", year: "this year", "fiscal month": "this fiscal month",
    },
    lengths: { m: (n) => `${n} min`, h: (n) => `${n} h`, d: (n) => `${n} d` },
    units: { ms: " s", points: " points", score: "" },
  },
  fr: {
    title: "Niveaux de service",
    states: {
      met: "Tenu", at_risk: "Menacé", breached: "Manqué", lost: "Perdu", too_few: "Trop peu", no_data: "Sans données",
      unmeasurable: "Non mesurable",
    },
    allOf: (channels) => `Tous : ${channels}`,
    channels: { voice: "appels", chat: "chats", email: "courriels", ticket: "tickets" },
    target: (bound) => `promis ${bound}`,
    contacts: (n, text) => `${text} contact${n < 2 ? "" : "s"}`,
    waiting: (n, text) => `${text} en attente`,
    longest: "max.",
    open: (n, text) => `${text} ouvert${n < 2 ? "" : "s"}`,
    pastDue: (n, text) => `${text} en retard`,
    crossing: (n, text, seconds) => `${text} de plus en retard d’ici ${seconds} s`,
    needed: (figure) => `il faut désormais ${figure}`,
    catchingUp: (time) => `Rattrapage : état à ${time}`,
    maintenance: (reason) => `Hors décompte : ${reason}`,
    troubles: "Incidents en cours",
    noTroubles: "Aucun.",
    since: (time, lasted) => `depuis ${time} (${lasted})`,
    feedSilent: "flux muet",
    cannotBeSaved: "ne peut plus être rattrapé",
    seenTo: (who) => `${who} s’en occupe`,
    severities: { critical: "critique", error: "erreur", warning: "avertissement", info: "information" },
    connecting: "Connexion …",
    lost: (lasted) => `PAS EN DIRECT – plus rien depuis ${lasted}. Les chiffres ci-dessous sont anciens.`,
    stale: (clients) => `PAS EN DIRECT – personne n’évalue ${clients} en ce moment. Les chiffres hachurés sont anciens.`,
    nothing: "Rien n’a encore été évalué.",
    changed: (place, state) => `${place} : ${state}`,
    otherLanguage: ["English", "Show in English", "en"],
    theme: { dark: "Clair", light: "Sombre" },
    themeLabel: { dark: "Afficher en clair", light: "Afficher en sombre" },
    askTitle: "Un jeton est nécessaire",
    askLabel: "Jeton",
    askSend: "Afficher",
    details: (place) => `Détails : ${place}`,
    close: "Fermer",
    columns: ["Fenêtre", "Actuel", "Promis", "Contacts", "État"],
    windows: {
      rolling: (length) => `${length} écoulées`, interval: (length) => `tranche de ${length}`, day: "aujourd’hui",
      week: "cette semaine", month: "ce mois", quarter: "ce trimestre", year: "cette année",
      "fiscal month": "ce mois fiscal",
    },
    lengths: { m: (n) => `${n} min`, h: (n) => `${n} h`, d: (n) => `${n} j` },
    units: { ms: " s", points: " points", score: "" },
  },
};

const MINUTE_S = 60, HOUR_S = 3600;

export function languageOf(wanted, offered) {
  // What was asked for, or the first of the browser's languages that we speak.
  const found = [wanted, ...offered].map((one) => (one ?? "").slice(0, 2).toLowerCase()).find((one) => one in WORDS);
  return found ?? "en";
}

export class Speech {
  constructor(language) {
    this.language = language;
    this.words = WORDS[language];
    this._clocks = new Map();
    this._whole = new Intl.NumberFormat(language);
  }

  number(n) {
    return this._whole.format(n);
  }

  figure(shown, { unit, places }) {
    // The server has rounded it to the side that misses: here it is only written.
    if (shown === null) return "–";
    const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
    if (unit !== "ratio") return new Intl.NumberFormat(this.language, digits).format(shown) + this.words.units[unit];
    return new Intl.NumberFormat(this.language, { ...digits, style: "percent" }).format(shown / 100);
  }

  bound(figure) {
    return `${figure.at_most ? "≤" : "≥"} ${this.figure(figure.target_shown, figure)}`;
  }

  target(figure) {
    return this.words.target(this.bound(figure));
  }

  needed(figure) {
    // Of a rate that only has to be reached, less would be too little: rounded to the harder side.
    const round = figure.at_most ? Math.floor : Math.ceil;
    return this.words.needed(this.figure(round(figure.rate_needed * 1000) / 10, { unit: "ratio", places: 1 }));
  }

  window(name) {
    const [kind, length] = name === "fiscal month" ? [name] : name.split(" ");
    const said = this.words.windows[kind];
    return length ? said(this.words.lengths[length.at(-1)](this.number(Number(length.slice(0, -1))))) : said;
  }

  time(ms, timeZone) {
    // On the contract's clock, wherever the wall hangs.
    if (!this._clocks.has(timeZone)) {
      const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone };
      this._clocks.set(timeZone, new Intl.DateTimeFormat(this.language, parts));
    }
    return this._clocks.get(timeZone).format(ms);
  }

  lasted(ms) {
    // 0:49, 12:05, 3:07:00.
    const s = Math.max(0, Math.floor(ms / 1000));
    const two = (n) => String(n).padStart(2, "0");
    const minutes = Math.floor((s % HOUR_S) / MINUTE_S);
    return s < HOUR_S ? `${minutes}:${two(s % 60)}` : `${Math.floor(s / HOUR_S)}:${two(minutes)}:${two(s % 60)}`;
  }

  place(one) {
    const channels = one.channel.split("+").map((channel) => this.words.channels[channel]).join(", ");
    return one.queue ?? this.words.allOf(channels);
  }
}
