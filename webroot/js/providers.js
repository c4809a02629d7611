import { i18n } from './i18n.js';

const NAMES = { siliconflow: 'SiliconFlow' };

/** @param {string} provider `qwen`, `cosyvoice`, `sambert`, `siliconflow` … */
export function providerName(provider) {
  return i18n.has(`dialect.${provider}`) ? i18n.t(`dialect.${provider}`) : (NAMES[provider] ?? provider);
}
