/** Where the definitions come from. */
export const sources = {
  'Balasubramanian 2015': 'S. Balasubramanian, A. Melendez-Calderon, A. Roby-Brami & E. Burdet, On the analysis of movement smoothness, J NeuroEng Rehabil 12:112 (2015); as github.com/siva82kb/SPARC computes it',
  'Brihmat 2020': 'N. Brihmat et al., Kinematic parameters obtained with the ArmeoSpring for upper-limb assessment after stroke, J NeuroEng Rehabil 17:130 (2020)',
  'Rohrer 2002': 'B. Rohrer et al., Movement smoothness changes during stroke recovery, J Neurosci 22:8297 (2002)',
  'Robinson 1987': 'R. Robinson, W. Herzog & B. Nigg, Use of force platform variables to quantify the effects of chiropractic manipulation on gait symmetry, J Manipulative Physiol Ther 10:172 (1987)',
  'Patterson 2010': 'K. Patterson et al., Evaluation of gait symmetry after stroke: a comparison of current methods and recommendations for standardization, Gait & Posture 31:241 (2010)',
  'Plotnik 2005': "M. Plotnik et al., Is freezing of gait in Parkinson's disease related to asymmetric motor function?, Ann Neurol 57:656 (2005)",
  'Zifchock 2008': 'R. Zifchock et al., The symmetry angle: a novel, robust method of quantifying asymmetry, Gait & Posture 27:622 (2008)',
  'Zeni 2008': 'J. Zeni, J. Richards & J. Higginson, Two simple methods for determining gait events during treadmill and overground walking using kinematic data, Gait & Posture 27:710 (2008)',
  'Baker 2009': 'R. Baker et al., The Gait Profile Score and Movement Analysis Profile, Gait & Posture 30:265 (2009)',
  'Lünenburger 2007': 'L. Lünenburger, G. Colombo & R. Riener, Biofeedback for robotic gait rehabilitation, J NeuroEng Rehabil 4:1 (2007)',
  'Lang 2009': 'C. Lang et al., Observation of amounts of movement practice provided during stroke rehabilitation, Arch Phys Med Rehabil 90:1692 (2009)',
  'Winter 2009': 'D. Winter, Biomechanics and Motor Control of Human Movement, 4th edition (2009)',
  'Perry 2010': 'J. Perry & J. Burnfield, Gait Analysis: Normal and Pathological Function, 2nd edition (2010)',
  'Bolliger 2008': 'M. Bolliger, R. Banz, V. Dietz & L. Lünenburger, Standardized voluntary force measurement in a lower extremity rehabilitation robot, J NeuroEng Rehabil 5:23 (2008)',
  'Lünenburger 2005': 'L. Lünenburger, G. Colombo, R. Riener & V. Dietz, Clinical assessments performed during robotic rehabilitation by the gait training robot Lokomat, Proc. IEEE ICORR (2005) 345-348',
  own: 'a definition of this project',
} as const;

export type Source = keyof typeof sources;
