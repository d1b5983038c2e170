/** Texts of realistic length for bulk data: nobody reads them, but their sizes and alphabets matter. */
import type { SeededRandom } from "./random.ts";

const ENGLISH =
  ("the and you it's I'm on my way see you later ok sounds good thanks love that was so much fun can we " +
    "talk tomorrow about dinner what time works for me bring wine please running ten minutes late sorry call when " +
    "home haha really no way did he say anything else maybe next week kids are asleep finally just landed traffic is " +
    "awful here photo from today look at this dog happy birthday miss everyone weekend plans still raining again")
    .split(" ");

const OTHERS: readonly (readonly string[])[] = [
  "ich bin gleich da und wir sehen uns später schöne Grüße für dich bis morgen Straße müde essen heute".split(
    " ",
  ),
  "estoy en camino mañana nos vemos qué tal todo gracias un abrazo señora cumpleaños niño luego".split(" "),
  "à tout à l'heure merci beaucoup ça va très bien je suis déjà là où es-tu garçon forêt bientôt".split(" "),
  "привет как дела сегодня вечером увидимся спасибо большое я уже дома хорошо завтра".split(" "),
  "今日は ありがとう 今から行くね 楽しみにしてる お疲れ様 明日 駅で待ってる 了解です".split(" "),
  "مرحبا كيف حالك اليوم شكرا جزيلا أراك غدا في البيت إن شاء الله".split(" "),
  "नमस्ते आप कैसे हैं आज शाम को मिलते हैं धन्यवाद बहुत अच्छा".split(" "),
];

const EMOJI = ["😂", "❤️", "👍🏽", "🎉", "🥲", "👩‍👩‍👧‍👦", "🐱", "🇮🇪", "🔥", "🙏", "😮‍💨", "1️⃣"];

/** Lengths: half below about 40 characters, a tenth above 130, one in a hundred a letter of up to 4,000. */
export function randomText(random: SeededRandom): string {
  const shape = random.fraction();
  if (shape < 0.05) return random.pick(EMOJI);
  const wanted = shape > 0.99
    ? random.integer(600, 4_000)
    : Math.max(2, 42 * Math.exp(0.9 * random.normal()));
  const words = random.chance(0.2) ? random.pick(OTHERS) : ENGLISH;
  let text = random.pick(words);
  while (text.length < wanted) text += " " + random.pick(words);
  if (random.chance(0.15)) text += " " + random.pick(EMOJI);
  return text;
}
